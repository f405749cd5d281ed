import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LinuxProcess } from '../../../emulator/linux/linux-process';
import { systemCallName } from '../../../emulator/linux/system-call-names';
import { ProgramError } from '../../../program/program-error';
import { readProgram } from '../../../program/read-program';
import { randomBelow } from '../../support/random';
import { assembleImage, start } from './start';

const prebuilt = readFileSync(join(__dirname, '../../../samples/files.elf'));
const silent = { write: () => {}, read: () => 'end' as const, note: () => {} };

describe('hostile programs', () => {
  it('an ELF file with anything changed is refused with a cause, or loads and runs within its bounds', () => {
    const random = randomBelow(20261125);
    const view = new DataView(prebuilt.buffer, prebuilt.byteOffset);
    const headers = Number(view.getBigUint64(32, true));
    const outcomes = { refused: 0, ran: 0 };
    for (let round = 0; round < 60; round += 1) {
      const image = Uint8Array.from(prebuilt);
      const changed = new DataView(image.buffer);
      for (let change = random(4); change >= 0; change -= 1) {
        const field = headers + random(view.getUint16(56, true)) * 56 + [0, 4, 8, 16, 24, 32, 40][random(7)]!;
        const value = [0n, 1n, BigInt(random(2 ** 16)) * 4096n, BigInt(random(2 ** 31)), 2n ** 63n, 2n ** 64n - 1n][random(6)]!;
        const kind = random(9);
        if (kind < 3) changed.setBigUint64(field, value, true);
        else if (kind < 5) changed.setBigUint64(24, value, true);
        else image[[random(64), headers + random(280), random(image.length)][random(3)]!] = random(256);
      }
      try {
        const { machine } = LinuxProcess.start(readProgram(image, 'fuzz'), { arguments: ['fuzz'], host: silent, memory: 16, hotAfter: 0 });
        machine.run(200_000);
        const mapped = machine.memory.regions.reduce((sum, { size }) => sum + size, 0n);
        assert.ok(mapped <= 16n * 2n ** 20n + 8192n, `${mapped} bytes`);
        outcomes.ran += 1;
      } catch (error) {
        assert.ok(error instanceof ProgramError || error instanceof RangeError, String((error as Error).stack));
        assert.match((error as Error).message, /^fuzz/);
        outcomes.refused += 1;
      }
    }
    assert.ok(outcomes.refused > 8 && outcomes.ran > 8, JSON.stringify(outcomes));
  });

  it('a system call with any arguments gives a result or stops, and leaves the machine whole', () => {
    const random = randomBelow(19700101);
    const image = assembleImage(' ecall\n j _start\n .data\nbuffer: .zero 8192');
    const numbers = Array.from({ length: 470 }, (_, number) => number).filter((number) => systemCallName(number) !== undefined);
    const ended = new Set([93, 94]);
    let served = 0;
    for (let session = 0; session < 12; session += 1) {
      const { machine } = start(image, { memory: 16, hotAfter: 0, input: ['some input', 'wait'] });
      const { pc } = machine;
      const buffer = readProgram(image, 'test').symbols.named('buffer')!.address;
      const paths = ['/tmp/a', '/tmp/a/b', '.', '..', '/dev/null', '/proc/self/maps', '/', 'x', ''];
      for (let round = 0; round < 1500; round += 1) {
        const number = numbers[random(numbers.length)]!;
        if (ended.has(number)) continue;
        machine.memory.write(buffer, new TextEncoder().encode(`${paths[random(paths.length)]}\0`));
        const interesting = () =>
          [0n, 1n, 2n, 3n, 4n, BigInt(random(64)), BigInt(random(2 ** 16)), buffer, buffer + BigInt(random(8192)), pc, 4096n, 2n ** 63n][
            random(12)
          ]!;
        for (let index = 10; index < 16; index += 1)
          machine.writeX(index, random(10) === 0 ? -interesting() & (2n ** 64n - 1n) : interesting());
        machine.writeX(2, buffer + 4096n);
        machine.writeX(17, BigInt(number));
        machine.pc = pc;
        const stop = machine.step();
        if (stop.kind === 'exit') break;
        assert.ok(['budget', 'input', 'output', 'idle', 'exception', 'trap'].includes(stop.kind), stop.kind);
        served += 1;
        if (stop.kind === 'exception') break;
        if (machine.memory.load(pc, 4) !== 0x73n) break;
      }
    }
    assert.ok(served > 1000, `${served} calls`);
  });
});
