import { encode } from '../../../riscv/encode';
import type { Random } from '../../support/random';
import { staticElf } from '../../support/static-elf';
import { caseSize, casesPerVariant, codeAddress, controlAddress, inputAddress, memoryWindow, outputAddress, reachOfJumps } from './layout';
import type { Variant } from './variants';

/** Offsets in the control block. */
const control = { input: 0, output: 8, left: 16, neverReserved: 24 } as const;
const a0 = 10;
const a1 = 11;
const a2 = 12;
const a7 = 17;

/** Makes variants one after the other, each knowing where its jumps will be. */
export type VariantSource = (jumpBase: number) => Variant;

/**
 * A program that runs every variant from every register content and writes, for each, x0-x31 and the memory window to standard
 * output. The place of x0 holds the output's address where the variant jumped, else 0; that of the spare register is stale.
 */
export function makeCaseProgram(sources: readonly VariantSource[], random: Random): { image: Uint8Array; variants: Variant[] } {
  const code = new CodeWriter(codeAddress);
  const variants = sources.map((source) => writeVariant(code, source));
  code.constant(a0, 0);
  code.constant(a7, 93);
  code.word(encode('ecall', {}));
  const data = new Uint8Array(outputAddress - controlAddress);
  data.set(makeInputs(random), inputAddress - controlAddress);
  const image = staticElf(codeAddress, [
    { address: codeAddress, bytes: code.bytes(), flags: 'rx' },
    { address: controlAddress, bytes: data, size: data.length + casesPerVariant * caseSize, flags: 'rw' },
  ]);
  return { image, variants };
}

function makeInputs(random: Random): Uint8Array {
  const inputs = new BigUint64Array((casesPerVariant * caseSize) / 8);
  for (let index = 0; index < casesPerVariant; index += 1) {
    const same = index % 8 === 0 ? interestingValue(random) : undefined;
    for (let word = 0; word < caseSize / 8; word += 1) inputs[(index * caseSize) / 8 + word] = same ?? interestingValue(random);
  }
  return new Uint8Array(inputs.buffer);
}

const edges = [
  0n,
  1n,
  2n,
  3n,
  31n,
  32n,
  63n,
  64n,
  127n,
  128n,
  255n,
  0x7fffn,
  0x8000n,
  0xffffn,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_ffffn,
  0x1_0000_0000n,
  0x7fff_ffff_ffff_ffffn,
  0x8000_0000_0000_0000n,
];

function interestingValue(random: Random): bigint {
  const edge = random.pick(edges);
  return BigInt.asUintN(64, random.pick([edge, edge, -edge, edge + 1n, ~edge, random.doubleword(), random.doubleword() >> 32n]));
}

function writeVariant(code: CodeWriter, source: VariantSource): Variant {
  const jumpBase = code.here + 2 * reachOfJumps;
  const variant = source(jumpBase);
  const { spare, words, preset, jump } = variant;
  code.constant(5, controlAddress);
  code.storeConstant(5, inputAddress, control.input);
  code.storeConstant(5, outputAddress, control.output);
  code.storeConstant(5, casesPerVariant, control.left);
  const start = code.here;
  code.loadControl(spare, control.input);
  const [address, value] = [6, 7, 8].filter((register) => register !== spare) as [number, number];
  code.constant(address, memoryWindow.address);
  code.copy(spare, 256, address, 0, value);
  for (const register of others(spare)) code.word(encode('ld', { rd: register, rs1: spare, immediate: register * 8 }));
  if (preset) code.constant(preset.register, preset.value);
  if (jump !== undefined) code.jumpTo(jumpBase);
  else for (const word of words) code.word(word);
  const fallThrough = code.here;
  code.loadControl(spare, control.output);
  code.word(encode('sd', { rs1: spare, rs2: 0, immediate: 0 }));
  const save = code.here;
  for (const register of others(spare)) code.word(encode('sd', { rs1: spare, rs2: register, immediate: register * 8 }));
  code.constant(address, memoryWindow.address);
  code.copy(address, 0, spare, 256, value);
  writeNextCase(code, start);
  if (jump !== undefined) writeJump(code, variant, jumpBase, fallThrough, save);
  return variant;
}

/** Moves on to the next register content; at the end writes what all cases gave. */
function writeNextCase(code: CodeWriter, start: number): void {
  code.constant(5, controlAddress);
  code.word(encode('addi', { rd: 6, rs1: 5, immediate: control.neverReserved }));
  code.word(encode('sc.d', { rd: 0, rs1: 6, rs2: 0 }));
  for (const [field, step] of [
    [control.input, caseSize],
    [control.output, caseSize],
    [control.left, -1],
  ] as const) {
    code.word(encode('ld', { rd: 6, rs1: 5, immediate: field }));
    code.word(encode('addi', { rd: 6, rs1: 6, immediate: step }));
    code.word(encode('sd', { rs1: 5, rs2: 6, immediate: field }));
  }
  code.word(encode('beq', { rs1: 6, rs2: 0, immediate: 8 }));
  code.jumpTo(start);
  code.constant(a0, 1);
  code.constant(a1, outputAddress);
  code.constant(a2, casesPerVariant * caseSize);
  code.constant(a7, 64);
  code.word(encode('ecall', {}));
}

/** The jump under test in a place of its own, and its landing pad. */
function writeJump(code: CodeWriter, { words, spare, jump }: Variant, jumpBase: number, fallThrough: number, save: number): void {
  const landing = jumpBase + jump!;
  const afterJump = code.here;
  code.goTo(jumpBase);
  for (const word of words) code.word(word);
  code.jumpTo(fallThrough);
  const end = code.here;
  code.goTo(landing);
  code.loadControl(spare, control.output);
  code.word(encode('sd', { rs1: spare, rs2: spare, immediate: 0 }));
  code.jumpTo(save);
  const next = Math.ceil(Math.max(end, code.here) / 4) * 4;
  code.goTo(afterJump);
  code.jumpTo(next);
  code.goTo(next);
}

function others(spare: number): number[] {
  return Array.from({ length: 31 }, (_, index) => index + 1).filter((register) => register !== spare);
}

class CodeWriter {
  here: number;
  readonly #start: number;
  #bytes = new Uint8Array(1 << 16);
  #end = 0;

  constructor(start: number) {
    this.#start = start;
    this.here = start;
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#end);
  }

  goTo(address: number): void {
    this.here = address;
  }

  word(word: number): void {
    const length = (word & 3) === 3 ? 4 : 2;
    const at = this.here - this.#start;
    while (at + 4 > this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    for (let index = 0; index < length; index += 1) this.#bytes[at + index] = word >>> (index * 8);
    this.here += length;
    this.#end = Math.max(this.#end, at + length);
  }

  constant(register: number, value: number): void {
    const low = (value << 20) >> 20;
    this.word(encode('lui', { rd: register, immediate: (value - low) | 0 }));
    this.word(encode('addiw', { rd: register, rs1: register, immediate: low }));
  }

  /** Stores a constant, made in x6. */
  storeConstant(base: number, value: number, offset: number): void {
    this.constant(6, value);
    this.word(encode('sd', { rs1: base, rs2: 6, immediate: offset }));
  }

  /** Loads a field of the control block, with no other register. */
  loadControl(register: number, field: number): void {
    this.word(encode('lui', { rd: register, immediate: controlAddress }));
    this.word(encode('ld', { rd: register, rs1: register, immediate: field }));
  }

  copy(from: number, fromOffset: number, to: number, toOffset: number, value: number): void {
    for (let offset = 0; offset < memoryWindow.size; offset += 8) {
      this.word(encode('ld', { rd: value, rs1: from, immediate: fromOffset + offset }));
      this.word(encode('sd', { rs1: to, rs2: value, immediate: toOffset + offset }));
    }
  }

  jumpTo(target: number): void {
    this.word(encode('jal', { immediate: target - this.here }));
  }
}
