import { shownName } from '../../knowledge/registers';
import { type Finding, findingAt } from '../finding';
import type { FlowNode, FunctionFlow } from '../function-flow';
import { isEmpty, namesIn, overlap, type RegisterSet, stackPointer, without } from '../register-set';

/** Results that people mean to use. Compilers leave unused sums and loads behind where they do not optimize. */
const deliberate = /^(?:(?:c\.)?(?:li|mv|lui)|la|lla)$/;

/** A constant, address or copy is used: it is not overwritten before it is read, by code that always follows. */
export function checkUnusedResults({ nodes }: FunctionFlow): Finding[] {
  const targets = new Set(nodes.flatMap(({ next }, index) => next.filter((each) => each !== index + 1)));
  return nodes.flatMap(({ line, statement, effects }, index) => {
    if (!effects?.isPure || !deliberate.test(effects.mnemonic) || isEmpty(effects.writes) || overlap(effects.writes, stackPointer))
      return [];
    const overwriter = overwriterOf(nodes, index, effects.writes, targets);
    if (!overwriter) return [];
    const name = shownName(namesIn(effects.writes)[0]!);
    const text = `what this puts in ${name} is never used: line ${overwriter.line.number + 1} overwrites it`;
    return [{ ...findingAt('result-never-used', line, statement, text), isUnnecessary: true }];
  });
}

/** The instruction that overwrites all of these registers before any is read and before the flow can split or meet. */
function overwriterOf(nodes: readonly FlowNode[], from: number, written: RegisterSet, targets: ReadonlySet<number>): FlowNode | undefined {
  let left = written;
  for (let index = from + 1; index < nodes.length; index++) {
    const node = nodes[index]!;
    const { effects } = node;
    if (!effects || targets.has(index) || node.labels.length > 0 || overlap(effects.reads, left) || effects.transfer) return undefined;
    if (/^(?:c\.)?(?:ecall|ebreak|mret|sret|wfi)$/.test(effects.mnemonic)) return undefined;
    left = without(left, effects.writes);
    if (isEmpty(left)) return node;
  }
  return undefined;
}
