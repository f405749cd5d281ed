import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LinuxProcess } from '../../../emulator/linux/linux-process';
import { readProgram } from '../../../program/read-program';
import { disassembleWord } from '../../../riscv/disassemble';
import { xNames } from '../../../riscv/registers';
import { Random } from '../../support/random';
import { requireTools } from '../../support/tools';
import { makeCaseProgram, type VariantSource } from './case-program';
import { caseSize, casesPerVariant } from './layout';
import { comparedRows, makeMixture, makeVariant, type Variant } from './variants';

const variantsPerRow = 16;
const mixtures = 64;

describe('every instruction beside qemu-riscv64', () => {
  let variants: Variant[];
  let image: Uint8Array;

  before(() => {
    const random = new Random(20);
    const rows = comparedRows.flatMap((row): VariantSource[] =>
      Array.from({ length: variantsPerRow }, () => (jumpBase: number) => makeVariant(row, random, jumpBase)),
    );
    const mixed = Array.from({ length: mixtures }, (): VariantSource => () => makeMixture(random));
    ({ image, variants } = makeCaseProgram([...rows, ...mixed], random));
  });

  it('has at least 1000 cases for every row', () => {
    for (const { mnemonic } of comparedRows) {
      const cases = variants.filter((variant) => variant.mnemonic === mnemonic).length * casesPerVariant;
      assert.ok(cases >= 1000, `${mnemonic} has ${cases} cases`);
    }
  });

  it('leaves the same registers and memory', function () {
    requireTools(this, 'qemu-riscv64');
    const ours = runHere(image);
    const theirs = runInQemu(image);
    const count = variants.length * casesPerVariant;
    assert.equal(theirs.length, count * caseSize);
    assert.equal(ours.length, theirs.length);
    if (ours.equals(theirs)) return;
    for (let index = 0; index < count; index += 1) {
      const range = [index * caseSize, (index + 1) * caseSize] as const;
      const [here, there] = [ours.subarray(...range), theirs.subarray(...range)];
      if (!here.equals(there)) assert.fail(explain(variants[Math.floor(index / casesPerVariant)]!, index % casesPerVariant, here, there));
    }
  });
});

function runHere(image: Uint8Array): Buffer {
  const chunks: Buffer[] = [];
  const host = {
    write: (_fd: 1 | 2, bytes: Uint8Array) => void chunks.push(Buffer.from(bytes)),
    read: () => 'end' as const,
    note: (message: string) => assert.fail(message),
  };
  const { machine } = LinuxProcess.start(readProgram(image, 'cases'), { arguments: ['cases'], host });
  assert.deepEqual(machine.run(2 ** 31 - 1), { kind: 'exit', code: 0 });
  return Buffer.concat(chunks);
}

function runInQemu(image: Uint8Array): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-'));
  try {
    const path = join(folder, 'cases');
    writeFileSync(path, image);
    chmodSync(path, 0o755);
    const { stdout, stderr, status } = spawnSync('qemu-riscv64', [path], { maxBuffer: 2 ** 28 });
    assert.equal(status, 0, stderr.toString());
    return stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function explain({ words, preset, spare }: Variant, index: number, ours: Buffer, theirs: Buffer): string {
  const code = words.map((word) => disassembleWord(word, 0n, { aliases: false }).text).join('; ');
  const hex = (value: bigint) => `0x${value.toString(16)}`;
  const differences = Array.from({ length: caseSize / 8 }, (_, field) => ({
    name: field === 0 ? 'jumped' : (xNames[field] ?? `memory+${(field - 32) * 8}`),
    ours: ours.readBigUInt64LE(field * 8),
    theirs: theirs.readBigUInt64LE(field * 8),
  })).filter((one) => one.ours !== one.theirs);
  const texts = differences.map((one) => `${one.name} is ${hex(one.ours)}, in qemu ${hex(one.theirs)}`);
  const start = preset ? `, ${xNames[preset.register]} = ${hex(BigInt(preset.value))}` : '';
  return `${code} (case ${index}${start}, spare ${xNames[spare]}): ${texts.join('; ')}`;
}
