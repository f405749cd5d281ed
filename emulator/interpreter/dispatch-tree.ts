import { type I32, i32 } from '../wasm/expression';
import type { FunctionBody, Label } from '../wasm/function-body';

/** One of the numbers that follow each other: where it leads, and how often that is come to beside others. */
export interface Leaf {
  readonly label: Label;
  readonly frequency: number;
}

/**
 * Goes to the label of a number that is from `first` on one of the leaves', by comparisons: the more frequent it is the fewer. Processors
 * predict these, from the ones before, far better than one indirect jump for all: interpreting real programs takes two thirds as long.
 */
export function writeDispatchTree(body: FunctionBody, number: I32, first: number, leaves: readonly Leaf[]): void {
  if (leaves.length === 1) {
    body.branch(leaves[0]!.label);
    return;
  }
  const middle = middleOf(leaves.map(({ frequency }) => frequency));
  body.if(
    i32.ltU(number, i32.constant(first + middle)),
    () => writeDispatchTree(body, number, first, leaves.slice(0, middle)),
    () => writeDispatchTree(body, number, first + middle, leaves.slice(middle)),
  );
}

/** How many of the weights, at least one and not all, are nearest to half of their sum. */
function middleOf(weights: readonly number[]): number {
  const half = weights.reduce((sum, weight) => sum + weight, 0) / 2;
  let [count, sum] = [1, weights[0]!];
  while (count < weights.length - 1 && Math.abs(sum + weights[count]! - half) <= Math.abs(sum - half)) {
    sum += weights[count]!;
    count += 1;
  }
  return count;
}
