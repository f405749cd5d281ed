import { encode } from '../../../riscv/encode';
import { staticElf } from '../../support/static-elf';
import { CodeWriter, sizeOf } from './code-writer';
import { codeAddress, controlAddress, enough, inputAddress, outputAddress, reachOfJumps, stateSize } from './layout';
import { control, type Routines, writeRoutines } from './routines';
import type { Step, Variant } from './variants';

/** Makes variants one after the other, each knowing where its jumps will be. */
export type VariantSource = (jumpBase: number) => Variant;

export interface CaseProgram {
  readonly variants: readonly Variant[];
  /** What we run, and what the reference runs. */
  readonly image: Uint8Array;
  readonly referenceImage: Uint8Array;
}

/**
 * A program that runs variants from every one of the contents and writes to standard output, for each variant and contents, the
 * state after each step. It takes sources until there is enough of it.
 */
export function makeCaseProgram(sources: readonly VariantSource[], contents: readonly Uint8Array[]): CaseProgram {
  const code = new CodeWriter(codeAddress);
  const start = code.here;
  code.word(0x0000_0013);
  const routines = writeRoutines(code, contents.length, inputAddress);
  const here = code.here;
  code.goTo(start);
  code.jumpTo(here);
  code.goTo(here);
  const variants: Variant[] = [];
  const replacements: Replacement[] = [];
  let output = 0;
  for (const source of sources) {
    if (code.size > enough.code || output > enough.output) break;
    const variant = writeVariant(code, routines, source, replacements);
    variants.push(variant);
    output += outputSizeOf(variant, contents.length);
  }
  code.constant(10, 0);
  code.constant(17, 93);
  code.word(encode('ecall', {}));
  const bytes = code.bytes();
  const referenceCode = new CodeWriter(codeAddress);
  for (const { address, words } of replacements) {
    referenceCode.goTo(address);
    referenceCode.words(words);
  }
  const referenceBytes = bytes.slice();
  for (const { address, words } of replacements) {
    const at = address - codeAddress;
    referenceBytes.set(referenceCode.bytes().subarray(at, at + sizeOf(words)), at);
  }
  const largest = Math.max(...variants.map(({ steps }) => steps.length), 1);
  const outputSize = contents.length * largest * stateSize;
  const flags = variants.some(({ changesCode }) => changesCode) ? 'rwx' : 'rx';
  return {
    variants,
    image: link(bytes, contents, outputSize, flags),
    referenceImage: link(referenceBytes, contents, outputSize, flags),
  };
}

/** Bytes of output that the cases of a variant make. */
export function outputSizeOf({ steps }: Variant, cases: number): number {
  return steps.length * stateSize * cases;
}

interface Replacement {
  readonly address: number;
  readonly words: readonly number[];
}

function link(code: Uint8Array, contents: readonly Uint8Array[], outputSize: number, flags: string): Uint8Array {
  const data = new Uint8Array(outputAddress - controlAddress);
  contents.forEach((one, index) => {
    data.set(one, inputAddress - controlAddress + index * stateSize);
  });
  return staticElf(codeAddress, [
    { address: codeAddress, bytes: code, flags },
    { address: controlAddress, bytes: data, size: data.length + outputSize, flags: 'rw' },
  ]);
}

function writeVariant(code: CodeWriter, routines: Routines, source: VariantSource, replacements: Replacement[]): Variant {
  const jumpBase = Math.ceil((code.here + 2 * reachOfJumps) / 4) * 4;
  const variant = source(jumpBase);
  const { pair, steps, presets, jump } = variant;
  code.constant(5, controlAddress);
  code.storeConstant(5, steps.length * stateSize, control.stride);
  const restart = code.here;
  // The addresses of what follows are only known when it is written.
  const placeholders = 6 * 4;
  code.goTo(restart + placeholders + 4);
  const start = code.here;
  code.jumpTo(routines.restore.get(pair)!, pair.link);
  for (const { register, value } of presets) code.constant(register, value);
  const save = (): void => code.jumpTo(routines.save.get(pair)!, pair.link);
  const writeStep = (step: Step): void => {
    if (step.reference) replacements.push({ address: code.here, words: step.reference });
    code.words(step.words);
    save();
  };
  if (jump === undefined) {
    for (const step of steps) writeStep(step);
    code.jumpTo(routines.advance);
  } else {
    const [landing, goOn] = [jumpBase + jump, code.here];
    code.goTo(jumpBase);
    writeStep(steps[0]!);
    code.jumpTo(routines.advance);
    const end = code.here;
    code.goTo(landing);
    save();
    code.jumpTo(routines.advance);
    const after = Math.max(end, code.here);
    code.goTo(goOn);
    code.jumpTo(jumpBase);
    code.goTo(Math.ceil(after / 4) * 4);
  }
  const after = code.here;
  code.goTo(restart);
  code.storeConstant(5, start, control.restart);
  code.storeConstant(5, after, control.after);
  code.jumpTo(routines.begin);
  code.goTo(after);
  return variant;
}
