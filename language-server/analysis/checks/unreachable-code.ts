import { type Finding, findingAt } from '../finding';
import type { FunctionFlow } from '../function-flow';

/** Code behind a jump or return has a label, or nothing can come to it. */
export function checkUnreachableCode({ nodes }: FunctionFlow): Finding[] {
  return nodes.flatMap(({ labels, line, statement, effects }, index) => {
    const before = nodes[index - 1];
    const transfer = before?.effects?.transfer;
    const isBehindEnd = transfer === 'jump' || transfer === 'return' || transfer === 'indirect';
    // Nops fill, and unimp or ebreak guards.
    if (!isBehindEnd || labels.length > 0 || !effects || /^(?:c\.)?(?:nop|unimp|ebreak)$/.test(effects.mnemonic)) return [];
    const text = `nothing comes here: line ${before!.line.number + 1} always goes elsewhere, and this instruction has no label`;
    return [{ ...findingAt('unreachable-code', line, statement, text), isUnnecessary: true }];
  });
}
