import type { Instruction } from '../../riscv/instruction';
import { type AbstractState, entryState, isSame, meet, sp, stateAfter, stateAfterCall } from './abstract-state';
import { branches, instructionAt, type UnwindMemory } from './instruction-at';
import { alternateLink, stateAfterMillicode } from './millicode';

/** The code of one function. */
export interface FunctionCode {
  readonly start: bigint;
  /** Bytes at the start that belong to a call site: whatever is patched in there changes nothing for the function. */
  readonly callSiteSize: bigint;
  contains(address: bigint): boolean;
}

/**
 * What each instruction of a function finds in registers and frame, followed along all its paths. So frames are known at every
 * instruction (in prologues and epilogues, in code that builds its frame late) without unwind tables.
 */
export class FunctionFlow {
  private readonly states = new Map<bigint, AbstractState>();
  /** Places to follow next, by how many calls lie on the way: the code after a call is not reached if the call never returns. */
  private readonly pending: Place[][] = [];
  private readonly indirectJumps: Place[] = [];

  constructor(
    private readonly memory: UnwindMemory,
    private readonly code: FunctionCode,
  ) {
    const body = code.start + code.callSiteSize;
    for (let address = code.start; address < body; address += 2n) this.states.set(address, entryState);
    this.follow({ address: body, state: entryState, calls: 0 });
  }

  /** What is known before the instruction at that address; undefined where no path leads to it. */
  at(address: bigint): AbstractState | undefined {
    while (!this.states.has(address)) {
      const place = this.jumpTarget();
      if (!place || place.address > address || this.states.size >= largestFunction) break;
      this.follow(place);
    }
    return this.states.get(address);
  }

  /** What is known before the call that returns to that address. */
  beforeCallReturningTo(address: bigint): AbstractState | undefined {
    for (const length of [4n, 2n]) {
      const call = this.instructionAt(address - length);
      const state = call && BigInt(call.length) === length && isCall(call) ? this.at(address - length) : undefined;
      if (state) return state;
    }
    return undefined;
  }

  /**
   * The first instruction that no path has reached: it is behind a jump table, and finds what the jump through it has, which is
   * the last one before it if there are several.
   */
  private jumpTarget(): Place | undefined {
    let address = this.code.start + this.code.callSiteSize;
    while (this.states.has(address)) address += BigInt(this.instructionAt(address)?.length ?? 2);
    const jump = this.indirectJumps.findLast((each) => each.address <= address) ?? this.indirectJumps[0];
    return jump && this.code.contains(address) ? { ...jump, address } : undefined;
  }

  private follow(start: Place): void {
    this.queue(start);
    for (let place = this.nextPending(); place; place = this.nextPending()) {
      const state = this.arrive(place);
      const instruction = state && this.instructionAt(place.address);
      if (instruction) this.queueSuccessors({ ...place, state }, instruction);
    }
  }

  /**
   * Puts in what a path brings to a place; undefined where that is no news. A path on which sp differs passes through a call
   * that does not return, for those that return are followed first.
   */
  private arrive({ address, state }: Place): AbstractState | undefined {
    const known = this.states.get(address);
    if (!known && (!this.code.contains(address) || this.states.size >= largestFunction)) return undefined;
    if (known && !isSame(known.x[sp], state.x[sp])) return undefined;
    const met = known ? meet(known, state) : state;
    if (met === known) return undefined;
    this.states.set(address, met);
    return met;
  }

  private queueSuccessors({ address, state, calls }: Place, instruction: Instruction): void {
    const next = address + BigInt(instruction.length);
    const target = address + BigInt(instruction.immediate);
    if (isCall(instruction)) {
      const isDirect = instruction.meaning === 'jal' && instruction.rd === alternateLink;
      const millicode = isDirect ? stateAfterMillicode(this.memory, target, state) : undefined;
      this.queue({ address: next, state: millicode ?? stateAfterCall(state), calls: calls + 1 });
    } else if (instruction.meaning === 'jal') {
      this.queue({ address: target, state, calls });
    } else if (instruction.meaning === 'jalr') {
      if (instruction.rs1 !== returnRegister) this.indirectJumps.push({ address: next, state, calls });
    } else if (branches.has(instruction.meaning)) {
      this.queue({ address: target, state, calls });
      this.queue({ address: next, state, calls });
    } else {
      this.queue({ address: next, state: stateAfter(state, instruction), calls });
    }
  }

  private queue(place: Place): void {
    this.pending[place.calls] ??= [];
    this.pending[place.calls]!.push(place);
  }

  private nextPending(): Place | undefined {
    return this.pending.find((places) => places && places.length > 0)?.pop();
  }

  private instructionAt(address: bigint): Instruction | undefined {
    return instructionAt(this.memory, address);
  }
}

interface Place {
  readonly address: bigint;
  readonly state: AbstractState;
  readonly calls: number;
}

const returnRegister = 1;
/** Instructions of a function that are followed at most. */
const largestFunction = 100_000;

function isCall({ meaning, rd }: Instruction): boolean {
  return rd !== 0 && (meaning === 'jal' || meaning === 'jalr');
}
