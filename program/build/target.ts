import { extensions } from '../../riscv/instruction-row';
import { generalIsa, type Isa, isaName } from '../../riscv/isa-string';
import type { Compiler } from './compiler';

/** What a compiler is told of the machine. */
export interface Target {
  /** -march and -mabi. */
  readonly flags: readonly string[];
  /** It has all of RV64GC, for which the C libraries of Linux are made. */
  readonly isGeneral: boolean;
}

/** Whether the compiler and its assembler take flags. */
export type Accepts = (flags: readonly string[]) => Promise<boolean>;

/**
 * The target for a machine of an ISA: what the compiler may use is what the machine has, as far as the compiler knows of it. RV64GC
 * where nothing is said.
 */
export async function targetFor({ kind }: Compiler, isa: Isa | undefined, accepts: Accepts): Promise<Target> {
  const wanted = isa ?? generalIsa;
  const abi = wanted.has('D') ? 'lp64d' : wanted.has('F') ? 'lp64f' : 'lp64';
  const flagsOf = (some: Isa) => [`-march=${nameFor(some)}`, `-mabi=${abi}`];
  const all = flagsOf(wanted);
  const probe = kind === 'clang' ? ['--target=riscv64'] : [];
  if (isa === undefined || (await accepts([...probe, ...all]))) return { flags: all, isGeneral: isGeneral(wanted) };
  const known = new Set([...wanted].filter((extension) => generalIsa.has(extension)));
  for (const extension of extensions) {
    if (known.has(extension) || !wanted.has(extension)) continue;
    const more = new Set([...known, extension]);
    if (await accepts([...probe, ...flagsOf(more)])) known.add(extension);
  }
  return { flags: flagsOf(known), isGeneral: isGeneral(wanted) };
}

/** Of the counters compilers have no name; they are a matter of CSRs. */
function nameFor(isa: Isa): string {
  return isaName(isGeneral(isa) ? isa : new Set([...isa].filter((extension) => extension !== 'Zicntr'))).toLowerCase();
}

function isGeneral(isa: Isa): boolean {
  return [...generalIsa].every((extension) => isa.has(extension));
}
