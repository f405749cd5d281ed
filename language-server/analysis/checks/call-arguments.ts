import { shownName } from '../../knowledge/registers';
import { solveForward } from '../data-flow';
import { type Finding, findingAt } from '../finding';
import type { FlowNode, FunctionFlow } from '../function-flow';
import {
  argumentRegisters,
  callerSaved,
  intersection,
  isSame,
  namesIn,
  none,
  overlap,
  type RegisterSet,
  returnRegisters,
  setOf,
  union,
  without,
} from '../register-set';

/** Where nothing comes in registers: the start of a program. */
const takesNothing: ReadonlySet<string> = new Set(['_start']);
const lastArgument = setOf(['x17']);

/** Every argument that a function of the same source reads holds a value where it is called. `callee` gives `argumentsOf` the function of a name. */
export function checkCallArguments(flow: FunctionFlow, callee: (name: string) => RegisterSet | undefined): Finding[] {
  const { nodes, item } = flow;
  const before = solveForward<RegisterSet>(flow, {
    entry: takesNothing.has(item.name) ? argumentRegisters : none,
    after: (unset, index) => afterNode(unset, nodes[index]!),
    join: union,
    isSame,
  });
  return nodes.flatMap(({ effects, line, statement }, index) => {
    const unset = before[index];
    const name = effects?.target?.text;
    if (!unset || name === undefined || (effects?.transfer !== 'call' && !nodes[index]!.leaves)) return [];
    const called = callee(name);
    const missing = called ? intersection(called, unset) : none;
    return namesIn(missing).map((each) => {
      const text = `'${name}' reads ${shownName(each)}, which has not been given a value before this call`;
      return findingAt('argument-never-written', line, statement, text);
    });
  });
}

/** Argument registers that hold nothing of use, on some way: never written, or left over by a call. */
function afterNode(unset: RegisterSet, { effects }: FlowNode): RegisterSet {
  if (!effects) return none;
  if (effects.mnemonic === 'ecall') return without(unset, setOf(['x10']));
  if (effects.transfer !== 'call') return without(unset, effects.writes);
  return without(union(unset, intersection(argumentRegisters, callerSaved)), returnRegisters);
}

/**
 * The argument registers that a function reads before it writes them. A function that takes any number of arguments stores all of
 * them at its start, whatever it is given: none is known then.
 */
export function argumentsOf(flow: FunctionFlow): RegisterSet {
  if (!flow.isKnown) return none;
  const written = solveForward<RegisterSet>(flow, {
    entry: none,
    after: (known, index) => {
      const { effects } = flow.nodes[index]!;
      return effects?.transfer === 'call' ? union(known, callerSaved) : union(known, effects?.writes ?? argumentRegisters);
    },
    join: intersection,
    isSame,
  });
  let read = none;
  for (const [index, { effects }] of flow.nodes.entries()) {
    const known = written[index];
    if (known && effects) read = union(read, without(intersection(effects.reads, argumentRegisters), known));
  }
  return overlap(read, lastArgument) ? none : read;
}
