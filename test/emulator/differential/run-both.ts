import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LinuxProcess } from '../../../emulator/linux/linux-process';
import { readProgram } from '../../../program/read-program';
import { type CaseProgram, makeCaseProgram, outputSizeOf, type VariantSource } from './case-program';
import { stateSize } from './layout';
import type { Variant } from './variants';

/** The engine that runs our side: the interpreter alone, or the translator as soon as it can. */
export type Engine = 'interpreter' | 'translator';

const hotAfter = { interpreter: 0, translator: 8 } as const;
/** Translating takes long, the longer the more calls a routine has. */
const atOnce = { interpreter: 100_000, translator: 4 } as const;

/** The first state of a variant in which the two sides differ. */
export interface Difference {
  readonly engine: Engine;
  readonly variant: Variant;
  readonly contents: Uint8Array;
  /** Which of the states that the case saved. */
  readonly state: number;
  readonly ours: Uint8Array;
  readonly theirs: Uint8Array;
}

export interface Comparison {
  readonly differences: readonly Difference[];
  /** For every variant that was run, how many of its cases came to their end. */
  readonly executed: ReadonlyMap<Variant, number>;
}

/** Runs variants from all contents, here and in QEMU. A side that ends early is an error that says how. */
export function compare(sources: readonly VariantSource[], contents: readonly Uint8Array[], engine: Engine): Comparison {
  const differences: Difference[] = [];
  const executed = new Map<Variant, number>();
  for (let rest = sources; rest.length > 0; ) {
    const program = makeCaseProgram(rest.slice(0, atOnce[engine]), contents);
    const theirs = runInQemu(program.referenceImage);
    compareProgram(program, contents, engine, theirs, differences, executed);
    rest = rest.slice(program.variants.length);
  }
  return { differences, executed };
}

function compareProgram(
  { variants, image }: CaseProgram,
  contents: readonly Uint8Array[],
  engine: Engine,
  theirs: Run,
  differences: Difference[],
  executed: Map<Variant, number>,
): void {
  const ours = runHere(image, engine);
  let at = 0;
  for (const variant of variants) {
    const size = outputSizeOf(variant, contents.length);
    const [here, there] = [ours.output.subarray(at, at + size), theirs.output.subarray(at, at + size)];
    if (here.length < size || there.length < size)
      throw new EndedEarly(variant, here.length < size ? 'here' : 'in qemu', ours.end, theirs.end);
    executed.set(variant, contents.filter((_, index) => here.readBigUInt64LE(index * variant.steps.length * stateSize) !== 0n).length);
    if (!here.equals(there)) differences.push({ engine, ...firstDifference(variant, contents, here, there) });
    at += size;
  }
}

/** A run that did not come to its end; the variant is the first that has no results. */
export class EndedEarly extends Error {
  constructor(
    readonly variant: Variant,
    readonly where: 'here' | 'in qemu',
    readonly ourEnd: string,
    readonly theirEnd: string,
  ) {
    super(`the program ended early ${where}: ${where === 'here' ? ourEnd : theirEnd}`);
  }
}

function firstDifference(variant: Variant, contents: readonly Uint8Array[], here: Buffer, there: Buffer): Omit<Difference, 'engine'> {
  for (let index = 0; ; index += 1) {
    const range = [index * stateSize, (index + 1) * stateSize] as const;
    const [ours, theirs] = [here.subarray(...range), there.subarray(...range)];
    if (ours.equals(theirs)) continue;
    const [one, state] = [Math.floor(index / variant.steps.length), index % variant.steps.length];
    return { variant, contents: contents[one]!, state, ours, theirs };
  }
}

interface Run {
  readonly output: Buffer;
  readonly end: string;
}

function runHere(image: Uint8Array, engine: Engine): Run {
  const chunks: Buffer[] = [];
  const host = {
    write: (_fd: 1 | 2, bytes: Uint8Array) => void chunks.push(Buffer.from(bytes)),
    read: () => 'end' as const,
    note: (message: string) => {
      throw new Error(message);
    },
  };
  const { machine } = LinuxProcess.start(readProgram(image, 'cases'), { arguments: ['cases'], host, hotAfter: hotAfter[engine] });
  const stop = machine.run(2 ** 31 - 1);
  const end = stop.kind === 'exception' ? stop.exception.message : stop.kind === 'exit' ? `exit ${stop.code}` : stop.kind;
  return { output: Buffer.concat(chunks), end };
}

function runInQemu(image: Uint8Array): Run {
  const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-'));
  try {
    const path = join(folder, 'cases');
    writeFileSync(path, image);
    chmodSync(path, 0o755);
    const extensions = 'zba=true,zbb=true,zbc=true,zbs=true,Zfh=true,Zfhmin=true';
    const run = spawnSync('qemu-riscv64', ['-cpu', `rv64,${extensions}`, path], { maxBuffer: 2 ** 28 });
    return { output: run.stdout, end: run.signal ?? `${run.stderr.toString().trim()} exit ${run.status}` };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
