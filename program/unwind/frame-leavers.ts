import { xNumber } from '../../riscv/registers';
import type { Program } from '../program';
import type { CodeRange } from './call-frame-table';
import { instructionAt, type UnwindMemory } from './instruction-at';

/** A function that goes on in another activation than that of its caller: of an unwinder, or longjmp. */
export interface FrameLeaver {
  readonly start: bigint;
  /** It reads the return addresses on the stack. */
  readonly unwinds: boolean;
  /** Where it returns, to its caller or to where else it goes on: sp and ra are then those from there on. */
  readonly returns: readonly bigint[];
}

/** The interface of unwinders (Itanium C++ ABI: Exception Handling, level I), as far as it walks stacks. */
const unwinders = ['_Unwind_RaiseException', '_Unwind_ForcedUnwind', '_Unwind_Resume', '_Unwind_Resume_or_Rethrow', '_Unwind_Backtrace'];
/** What jumps, in glibc, musl and newlib: `longjmp` or what it calls. */
const jumps = ['__longjmp', '_longjmp', 'longjmp', 'siglongjmp'];
const registers = (...names: readonly string[]): readonly number[] => names.map((name) => xNumber(name)!);
const [ra, sp] = registers('ra', 'sp') as [number, number];
/** What `__builtin_eh_return` gives the handler that it jumps to (GCC, `EH_RETURN_DATA_REGNO`). */
const handlerArguments = registers('a0', 'a1', 'a2', 'a3');
const keptByCalls = registers('s0', 's1', 's2', 's3', 's4', 's5', 's6', 's7', 's8', 's9', 's10', 's11');

/**
 * The functions of a program that leave frames. Without symbols those of GCC's unwinder are known by their frames, but no longjmp is.
 * Code that its compiler has put in line (`__builtin_longjmp`) is of no function.
 */
export function frameLeavers(program: Program, memory: UnwindMemory): readonly FrameLeaver[] {
  const named = (names: readonly string[]) => [...new Map(names.flatMap((name) => rangeOf(program, name))).values()];
  const byName = named(unwinders);
  const unwinding = byName.length > 0 ? byName : unwindersByFrames(program, memory);
  const leaverOf = (range: CodeRange, unwinds: boolean) => ({ start: range.start, unwinds, returns: returnsIn(range, memory) });
  return [...unwinding.map((range) => leaverOf(range, true)), ...named(jumps).map((range) => leaverOf(range, false))];
}

/** The code of a function, by its start; names may be of one function. */
function rangeOf({ symbols, callFrames }: Program, name: string): readonly (readonly [bigint, CodeRange])[] {
  const symbol = symbols.named(name);
  if (!symbol) return [];
  const { address: start, size } = symbol;
  const range = size > 0n ? { start, end: start + size } : callFrames.rangeAt(start);
  return range ? [[start, range]] : [];
}

/**
 * Functions with `__builtin_eh_return` save what they may give the handler, and move sp by a register as the last before they return.
 * They call first what finds out where they stand, as does `_Unwind_Backtrace`, which never leaves.
 */
function unwindersByFrames({ callFrames }: Program, memory: UnwindMemory): readonly CodeRange[] {
  const leaving = callFrames.rangesSaving(handlerArguments).filter((range) => movesStackAtReturn(range, memory));
  const firstCalls = new Set(leaving.map((range) => firstCallIn(range, memory)));
  firstCalls.delete(undefined);
  const callsSame = (range: CodeRange): boolean => firstCalls.has(firstCallIn(range, memory));
  const isOther = ({ start }: CodeRange): boolean => !leaving.some((range) => range.start === start);
  const others = firstCalls.size === 0 ? [] : callFrames.rangesSaving(keptByCalls).filter((range) => isOther(range) && callsSame(range));
  return [...leaving, ...others];
}

function movesStackAtReturn(range: CodeRange, memory: UnwindMemory): boolean {
  let moved = false;
  for (const [, { meaning, rd, rs1, rs2, immediate }] of instructionsIn(range, memory)) {
    if (moved && isReturn({ meaning, rd, rs1, immediate })) return true;
    moved = meaning === 'add' && rd === sp && rs1 === sp && rs2 !== 0;
  }
  return false;
}

function firstCallIn(range: CodeRange, memory: UnwindMemory): bigint | undefined {
  for (const [address, { meaning, rd, immediate }] of instructionsIn(range, memory)) {
    if (meaning === 'jal' && rd === ra) return address + BigInt(immediate);
  }
  return undefined;
}

function returnsIn(range: CodeRange, memory: UnwindMemory): readonly bigint[] {
  return [...instructionsIn(range, memory)].flatMap(([address, instruction]) => (isReturn(instruction) ? [address] : []));
}

type Instruction = NonNullable<ReturnType<typeof instructionAt>>;

function isReturn({ meaning, rd, rs1, immediate }: Pick<Instruction, 'meaning' | 'rd' | 'rs1' | 'immediate'>): boolean {
  return meaning === 'jalr' && rd === 0 && rs1 === ra && immediate === 0;
}

function* instructionsIn({ start, end }: CodeRange, memory: UnwindMemory): Generator<readonly [bigint, Instruction]> {
  for (let address = start; address < end; ) {
    const instruction = instructionAt(memory, address);
    if (instruction) yield [address, instruction];
    address += BigInt(instruction?.length ?? 2);
  }
}
