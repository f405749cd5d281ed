import type { FunctionFlow } from './function-flow';

/** A question that is answered at every instruction, from the entry on along every way. */
export interface ForwardProblem<S> {
  readonly entry: S;
  /** What holds after an instruction, where `state` held before it. */
  after(state: S, index: number): S;
  /** What holds where two ways meet. */
  join(left: S, right: S): S;
  isSame(left: S, right: S): boolean;
}

/** The answer before each instruction; undefined where no way from the entry leads. Ends, as long as joins only lose knowledge. */
export function solveForward<S>({ nodes }: FunctionFlow, problem: ForwardProblem<S>): (S | undefined)[] {
  const before: (S | undefined)[] = new Array(nodes.length).fill(undefined);
  if (nodes.length === 0) return before;
  before[0] = problem.entry;
  const waiting = new Set([0]);
  for (const index of waiting) {
    waiting.delete(index);
    const after = problem.after(before[index]!, index);
    for (const next of nodes[index]!.next) {
      const known = before[next];
      const joined = known === undefined ? after : problem.join(known, after);
      if (known !== undefined && problem.isSame(known, joined)) continue;
      before[next] = joined;
      waiting.add(next);
    }
  }
  return before;
}
