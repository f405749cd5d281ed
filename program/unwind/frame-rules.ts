import type { Program } from '../program';
import { isKeptByCalls, sp } from './abstract-state';
import type { UnwindMemory } from './instruction-at';
import { Unwinder, type UnwindOptions } from './unwinder';

/** How the caller of a frame is found, whatever the stack holds. Offsets are in bytes from the canonical frame address. */
export interface FrameRule {
  /** The canonical frame address is so far above sp, or from s0. */
  readonly base: 'sp' | 's0';
  readonly distance: bigint;
  /** Where the return address is saved; undefined where ra has it. */
  readonly returnAddress: bigint | undefined;
  /** Where the caller's s0 is saved; undefined where s0 still has it. */
  readonly s0: bigint | undefined;
}

const [ra, s0] = [1, 8];
/** Values that no program's registers have: of the stack pointer, and of others from there on. */
const standInStack = 0x6000_0000_0000_0000n;
const standInRegister = 0x6800_0000_0000_0000n;
/** s0 is so far above sp, in turn: with the alignment of a frame address, and without. */
const standInFrames = [0x20_0000n, 0x30_0008n];
/** Frames are smaller. */
const reach = 0x10_0000n;

/**
 * The rules by which an `Unwinder` goes from a frame to its caller, for who walks stacks without one: it is asked with registers and a
 * stack that stand in for those of a program, and what it makes of them says where each value has come from.
 */
export class FrameRules {
  private readonly unwinder: Unwinder;
  /** Addresses of stand-in memory that were read; each holds an address of code that tells which one it is. */
  private reads: bigint[] = [];
  private readonly code: bigint;

  constructor(programs: readonly Program[], memory: UnwindMemory, options: Pick<UnwindOptions, 'links'>) {
    const sizes = programs.flatMap(({ segments }) => segments.filter(({ permissions }) => permissions.execute));
    this.code = sizes.reduce((one, other) => (other.size > one.size ? other : one)).address;
    const load = (address: bigint, size: 1 | 2 | 4 | 8) => (isStandIn(address) ? this.read(address) : memory.load(address, size));
    this.unwinder = new Unwinder(programs, { load }, options);
  }

  /** The rule at a pc; `none` where there is certainly no caller, undefined where it takes more to tell. `exact` as in `UnwindFrame`. */
  ruleAt(pc: bigint, exact: boolean): FrameRule | 'none' | undefined {
    const [one, other] = standInFrames.map((distance) => this.ask(pc, exact, standInStack + distance));
    if (one === 'none' || other === 'none') return one === other ? one : undefined;
    const isSame =
      one?.base === other?.base &&
      one?.distance === other?.distance &&
      one?.returnAddress === other?.returnAddress &&
      one?.s0 === other?.s0;
    return isSame ? one : undefined;
  }

  private ask(pc: bigint, exact: boolean, framePointer: bigint): FrameRule | 'none' | undefined {
    this.reads = [];
    const x = Array.from({ length: 32 }, (_, register) => {
      if (register === 0) return 0n;
      return exact || isKeptByCalls(register) ? standInRegister + BigInt(register << 8) : undefined;
    });
    x[sp] = standInStack;
    x[s0] = framePointer;
    if (exact) x[ra] = this.code;
    const result = this.unwinder.caller({ pc, exact, x });
    if ('end' in result) return this.reads.length === 0 ? 'none' : undefined;
    const { frame, cfa } = result;
    const fromStack = cfa - standInStack;
    const base = fromStack >= 0n && fromStack < reach ? 'sp' : 's0';
    const distance = cfa - (base === 'sp' ? standInStack : framePointer);
    const slotOf = (value: bigint | undefined): bigint | undefined => {
      const read = value === undefined ? undefined : this.reads[Number(value - this.code) - 1];
      return read === undefined ? undefined : read - cfa;
    };
    const returnAddress = slotOf(frame.pc);
    const savedS0 = slotOf(frame.x[s0]);
    const isReturnKnown = returnAddress !== undefined || (exact && frame.pc === this.code);
    const isS0Known = savedS0 !== undefined || frame.x[s0] === framePointer;
    const isPlain = !frame.exact && frame.x[sp] === cfa && distance > -reach && distance < reach;
    return isPlain && isReturnKnown && isS0Known ? { base, distance, returnAddress, s0: savedS0 } : undefined;
  }

  private read(address: bigint): bigint {
    let index = this.reads.indexOf(address);
    if (index < 0) index = this.reads.push(address) - 1;
    return this.code + BigInt(index) + 1n;
  }
}

function isStandIn(address: bigint): boolean {
  const distance = address - standInStack;
  return distance >= -reach && distance < 4n * reach;
}
