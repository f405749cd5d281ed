import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { Debuggee } from '../../../debug-adapter/debuggee';
import { FrameMemory } from '../../../debug-adapter/frame-memory';
import { findModel, type Model } from '../../../ftrace/models/models';
import { variablesOf } from '../../../program/frames/activations';
import { argumentsText } from '../../../program/frames/call-arguments';
import type { Program } from '../../../program/program';
import { ProgramError } from '../../../program/program-error';
import { readProgram } from '../../../program/read-program';
import { typeName } from '../../../program/types/type-name';
import { typeText } from '../../../program/types/type-text';
import { formatValue } from '../../../program/values/format/format-value';
import { compilers, withProgram } from '../../debug-adapter/gdb/corpus-programs';
import { randomBelow } from '../../support/random';
import { requireTools } from '../../support/tools';

const rounds = Number(process.env.FUZZ_ROUNDS ?? 40);

/** Where each section of debug information is in an image. */
function sectionsOf(image: Uint8Array): { name: string; offset: number; size: number }[] {
  const view = new DataView(image.buffer, image.byteOffset);
  const headers = Number(view.getBigUint64(40, true));
  const at = (index: number) => headers + 64 * index;
  const field = (index: number, offset: number) => Number(view.getBigUint64(at(index) + offset, true));
  const names = field(view.getUint16(62, true), 24);
  return Array.from({ length: view.getUint16(60, true) }, (_, index) => {
    const start = names + view.getUint32(at(index), true);
    const name = new TextDecoder().decode(image.subarray(start, image.indexOf(0, start)));
    return { name, offset: field(index, 24), size: field(index, 32) };
  }).filter(({ name, size }) => /^\.(debug_|eh_frame)/.test(name) && size > 0);
}

/** Asks for everything that a debugger shows. */
function askAll(program: Program): void {
  const { entries, types } = program.debugInfo;
  const functions = program.symbols.all.filter(({ kind }) => kind === 'function');
  for (const name of ['visit', 'counter', 'node', 'geo', 'Rect', 'main']) {
    for (const entry of entries.named(name)) {
      const type = types.read(entry);
      typeName(type);
      typeText(type);
    }
  }
  for (const { address, size } of functions) {
    argumentsText(program, address, [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n]);
    program.debugInfo.inlinedAt(address + size / 2n);
    program.callFrames.rulesAt(address + size / 2n);
    program.lines.at(address + 10n);
  }
}

function showStack(program: Program, address: bigint): void {
  const events = { output() {}, stopped() {}, turn() {}, congestion: () => undefined };
  const debuggee = new Debuggee(program, { arguments: ['program.elf'] }, findModel() as Model, events);
  debuggee.machine.setBreakpoint(address);
  debuggee.machine.run(100_000);
  for (const frame of debuggee.stack.slice(0, 10)) {
    const memory = new FrameMemory(debuggee, frame.index);
    for (const entry of (frame.activation ? variablesOf(frame.activation) : []).slice(0, 200)) {
      const value = frame.scope.valueOf(entry);
      typeName(value.type);
      assert.ok(formatValue(value, memory).length < 100_000);
    }
  }
}

describe('corrupt debug information', function () {
  this.timeout(240_000);

  for (const [source, kind, flags] of [
    ['variables.c', 'gcc', ['-O2']],
    ['variables.c', 'clang', ['-O1', '-gdwarf-4']],
    ['classes.cpp', 'clang', ['-O1']],
  ] as const) {
    it(`of ${source} from ${kind} ${flags.join(' ')} shows what it can, and never fails`, async function () {
      requireTools(this, ...compilers[kind].tools);
      const image = await withProgram(kind, source, flags, (path) => readFileSync(path));
      const sections = sectionsOf(image);
      const random = randomBelow(23);
      const place = readProgram(image, 'program.elf').symbols.all.find(({ name }) => /^(visit|_Z4refs)/.test(name))!;
      let shown = 0;
      for (let round = 0; round < rounds; round++) {
        const bytes = Uint8Array.from(image);
        for (let changes = random(6); changes >= 0; changes--) {
          const { offset, size } = sections[random(sections.length)]!;
          bytes[offset + random(random(3) ? size : Math.min(size, 64))] = [0, 1, 0x7f, 0x80, 0xff, random(256)][random(6)]!;
        }
        try {
          const program = readProgram(bytes, 'program.elf');
          askAll(program);
          if (round % 5 === 0) showStack(program, place.address + 20n);
          shown++;
        } catch (error) {
          if (!(error instanceof ProgramError)) throw new Error(`round ${round}: ${error instanceof Error ? error.stack : error}`);
          assert.fail(`round ${round}: a ProgramError escapes: ${error.stack}`);
        }
      }
      assert.equal(shown, rounds);
    });
  }
});
