import { shownName } from '../../knowledge/registers';
import { solveForward } from '../data-flow';
import { type Finding, findingAt } from '../finding';
import type { FlowNode, FunctionFlow } from '../function-flow';
import {
  calleeSaved,
  intersection,
  isSame,
  namesIn,
  none,
  overlap,
  type RegisterSet,
  returnAddress,
  setOf,
  union,
  without,
} from '../register-set';

/** What has become of the values that the caller needs back. */
interface State {
  /** Registers whose first value has been stored or copied, on every way. */
  readonly saved: RegisterSet;
  /** Registers that do not hold their first value, on some way. */
  readonly changed: RegisterSet;
}

const kept = union(calleeSaved, returnAddress);

/** A callee-saved register is saved before it is written, and ra holds the return address again before the function returns. */
export function checkSavedRegisters(flow: FunctionFlow): Finding[] {
  const { nodes } = flow;
  // What never returns needs to give nothing back.
  if (!nodes.some(isEnd)) return [];
  const before = solveForward<State>(flow, {
    entry: { saved: none, changed: none },
    after: (state, index) => after(state, nodes[index]!),
    join: (left, right) => ({ saved: intersection(left.saved, right.saved), changed: union(left.changed, right.changed) }),
    isSame: (left, right) => isSame(left.saved, right.saved) && isSame(left.changed, right.changed),
  });
  return nodes.flatMap((node, index) => {
    const state = before[index];
    return state ? [...atWrite(node, state), ...atEnd(node, state)] : [];
  });
}

function isEnd({ leaves, effects }: FlowNode): boolean {
  return leaves && (effects?.transfer === 'return' || effects?.transfer === 'jump');
}

function after({ saved, changed }: State, { effects }: FlowNode): State {
  if (!effects) return { saved, changed };
  const { access, isCopy, reads, writes, transfer } = effects;
  const stored = access?.kind === 'store' && access.register !== undefined ? setOf([access.register]) : isCopy ? reads : none;
  const nowSaved = union(saved, without(intersection(stored, kept), changed));
  // What is loaded from memory, or copied back, is taken for the first value.
  const isRestore = access?.kind === 'load' || isCopy;
  const nowChanged = isRestore ? without(changed, writes) : union(changed, intersection(writes, kept));
  return { saved: nowSaved, changed: transfer === 'call' ? union(nowChanged, intersection(writes, returnAddress)) : nowChanged };
}

function atWrite({ line, statement, effects }: FlowNode, { saved, changed }: State): Finding[] {
  if (!effects || effects.transfer) return [];
  const lost = without(without(intersection(effects.writes, calleeSaved), saved), changed);
  return namesIn(lost).map((name) => {
    const text = `${shownName(name)} belongs to the caller: store it on the stack before it is written, and load it again before returning`;
    return findingAt('callee-saved-not-restored', line, statement, text);
  });
}

function atEnd(node: FlowNode, { saved, changed }: State): Finding[] {
  if (!isEnd(node) || !overlap(changed, returnAddress)) return [];
  const what = overlap(saved, returnAddress) ? 'load it again' : 'store it on the stack before the call, and load it again';
  return [findingAt('return-address-lost', node.line, node.statement, `ra does not hold the return address any more: ${what}`)];
}
