import { isFloatKeptByCalls, isKeptByCalls, sp } from './abstract-state';
import { instructionAt, type UnwindMemory } from './instruction-at';
import type { UnwindFrame } from './unwinder';

/** As many registers as a function can save, and the move of sp in several parts. */
const longest = 60;
const returnRegister = 1;

/** What the rest of an epilogue does with a frame. */
export interface Epilogue {
  readonly caller: UnwindFrame;
  /** sp when it has returned. */
  readonly cfa: bigint;
}

/**
 * Where from its pc on a function gives back registers and stack, and nothing else, until it returns: its caller, from doing so. That is
 * so whatever tables say, and in routines that are jumped to for it (`__riscv_restore_3`). `unfinished` where it goes on elsewhere.
 * Where `isLongJump`, registers come from any place, and what else is computed on the way does not count.
 */
export function runEpilogue(memory: UnwindMemory, frame: UnwindFrame, isLongJump = false): Epilogue | 'unfinished' | undefined {
  const x = [...frame.x];
  const f = frame.f && [...frame.f];
  const savedAt = new Map(frame.savedAt);
  let { pc } = frame;
  for (let count = 0, jumped = false; count < longest; count++) {
    const instruction = instructionAt(memory, pc);
    const { meaning = '', rd = 0, frd = 0, rs1 = 0, rs2 = 0, immediate = 0, length = 0 } = instruction ?? {};
    const top = x[sp];
    if (meaning === 'jalr' && rd === 0 && rs1 === returnRegister && immediate === 0) {
      const back = x[returnRegister];
      if (back === undefined || top === undefined) return undefined;
      const caller = {
        pc: back,
        exact: false,
        x: x.map((value, register) => (isKeptByCalls(register) ? value : undefined)),
        f: f?.map((value, register) => (isFloatKeptByCalls(register) ? value : undefined)),
        savedAt,
      };
      return { caller, cfa: top };
    }
    if (meaning === 'jal' && rd === 0) {
      jumped = true;
      pc += BigInt(immediate);
      continue;
    }
    const base = rs1 === sp ? top : isLongJump ? x[rs1] : undefined;
    const place = base === undefined ? undefined : BigInt.asUintN(64, base + BigInt(immediate));
    if ((meaning === 'ld' || meaning === 'fld') && place !== undefined) {
      const loaded = memory.load(place, 8);
      if (meaning === 'ld') x[rd] = loaded;
      else if (f) f[frd] = loaded;
      savedAt.set(meaning === 'ld' ? rd : firstFloat + frd, place);
    } else if (meaning === 'addi' && rd === sp && rs1 === sp) x[sp] = place;
    else if (meaning === 'add' && rd === sp && rs1 === sp) x[sp] = sumOf(top, x[rs2]);
    else if (isLongJump && rd !== 0 && computations.has(meaning)) x[rd] = undefined;
    else return jumped ? 'unfinished' : undefined;
    pc += BigInt(length);
  }
  return undefined;
}

/** What makes of longjmp's second argument what setjmp returns. */
const computations: ReadonlySet<string> = new Set(['addi', 'add', 'sltu', 'sltiu', 'or', 'sub']);

/** Floating-point registers among DWARF's numbers. */
const firstFloat = 32;

function sumOf(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  return a === undefined || b === undefined ? undefined : BigInt.asUintN(64, a + b);
}
