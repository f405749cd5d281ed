import { solveForward } from '../data-flow';
import { type Finding, findingAt } from '../finding';
import type { FlowNode, FunctionFlow } from '../function-flow';
import { overlap, stackPointer } from '../register-set';

/** sp less its first value, in bytes; unknown where ways differ or it comes from elsewhere. */
type Offset = number | 'unknown';

/** sp is where it was before the function returns. */
export function checkStackBalance(flow: FunctionFlow): Finding[] {
  const { nodes } = flow;
  const before = solveForward<Offset>(flow, {
    entry: 0,
    after: (offset, index) => after(offset, nodes[index]!),
    join: (left, right) => (left === right ? left : 'unknown'),
    isSame: (left, right) => left === right,
  });
  return nodes.flatMap(({ leaves, effects, line, statement }, index) => {
    const offset = before[index];
    const isEnd = leaves && (effects?.transfer === 'return' || effects?.transfer === 'jump');
    if (!isEnd || offset === undefined || offset === 'unknown' || offset === 0) return [];
    const side = offset < 0 ? 'below' : 'above';
    const text = `sp is ${Math.abs(offset)} bytes ${side} where it was when the function began: what is returned to finds its stack moved`;
    return [findingAt('stack-unbalanced', line, statement, text)];
  });
}

function after(offset: Offset, { effects }: FlowNode): Offset {
  if (!effects) return 'unknown';
  const { writes, reads, mnemonic, immediate } = effects;
  if (!overlap(writes, stackPointer)) return offset;
  const isSum = /^(?:c\.)?addi(?:16sp)?$|^add$/.test(mnemonic) && (overlap(reads, stackPointer) || mnemonic === 'c.addi16sp');
  return isSum && immediate !== undefined && offset !== 'unknown' ? offset + immediate : 'unknown';
}
