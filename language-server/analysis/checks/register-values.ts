import { shownName } from '../../knowledge/registers';
import { solveForward } from '../data-flow';
import { type Finding, findingAt } from '../finding';
import type { FlowNode, FunctionFlow } from '../function-flow';
import {
  callerSaved,
  intersection,
  isSame,
  namesIn,
  none,
  type RegisterSet,
  returnAddress,
  returnRegisters,
  setOf,
  temporaries,
  union,
  without,
} from '../register-set';

/** Registers that hold nothing of use, on some way. */
interface State {
  /** A call may have changed them since they were written. */
  readonly clobbered: RegisterSet;
  /** Temporaries that nobody has written. */
  readonly unwritten: RegisterSet;
}

/** A static chain (t2) and the alternate link (t0) come with a value where compilers agree on it. */
const mayComeWithValue = setOf(['x5', 'x7']);

/**
 * A register that is read holds a value. Functions of the same source (`isLocal`) are taken to change nothing: compilers know what
 * they leave alone (GCC's -fipa-ra).
 */
export function checkRegisterValues(flow: FunctionFlow, isLocal: (name: string) => boolean): Finding[] {
  const { nodes } = flow;
  const before = solveForward<State>(flow, {
    entry: { clobbered: none, unwritten: without(temporaries, mayComeWithValue) },
    after: (state, index) => after(state, nodes[index]!, isLocal),
    join: (left, right) => ({ clobbered: union(left.clobbered, right.clobbered), unwritten: union(left.unwritten, right.unwritten) }),
    isSame: (left, right) => isSame(left.clobbered, right.clobbered) && isSame(left.unwritten, right.unwritten),
  });
  return nodes.flatMap((node, index) => {
    const state = before[index];
    return state && node.effects ? findings(node, state, node.effects.reads) : [];
  });
}

function after({ clobbered, unwritten }: State, { effects }: FlowNode, isLocal: (name: string) => boolean): State {
  if (!effects) return { clobbered: none, unwritten: none };
  const { writes, transfer, target } = effects;
  if (transfer !== 'call') return { clobbered: without(clobbered, writes), unwritten: without(unwritten, writes) };
  const isForeign = target?.kind === 'name' && !isLocal(target.text);
  const lost = isForeign ? without(callerSaved, union(returnRegisters, returnAddress)) : none;
  return { clobbered: without(union(clobbered, lost), union(writes, returnRegisters)), unwritten: none };
}

function findings({ line, statement, effects }: FlowNode, { clobbered, unwritten }: State, reads: RegisterSet): Finding[] {
  const lost = intersection(reads, clobbered);
  const value = effects?.access?.kind === 'store' && effects.access.register !== undefined ? setOf([effects.access.register]) : none;
  // To store a temporary that was never written saves what need not be saved, and does no harm.
  const garbage = without(without(intersection(reads, unwritten), lost), value);
  return [
    ...namesIn(lost).map((name) => {
      const text = `${shownName(name)} is read after a call, which may have changed it: keep it in a saved register (s0-s11) or on the stack`;
      return findingAt('clobbered-by-call', line, statement, text);
    }),
    ...namesIn(garbage).map((name) => {
      const text = `${shownName(name)} is read before it is written: a temporary register holds nothing when a function begins`;
      return findingAt('uninitialized-register', line, statement, text);
    }),
  ];
}
