import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Debuggee } from '../../../debug-adapter/debuggee';
import { FrameMemory } from '../../../debug-adapter/frame-memory';
import { evaluateIn } from '../../../debug-adapter/values';
import { readProgram } from '../../../program/read-program';
import { typeName } from '../../../program/types/type-name';
import { formatValue } from '../../../program/values/format/format-value';
import { corpus } from './corpus-programs';
import { debuggeeOf, visitStops, withStackAt } from './our-debuggee';
import type { GdbTask } from './run-gdb';

export interface ExpressionResult {
  readonly expression: string;
  /** The value and its type, or our message. */
  readonly ours: readonly [text: string, type: string] | string;
  readonly theirs: readonly [text: string, type: string] | string;
}

/** Expressions at the line of a source that has a marker: to be compared with what gdb answers to the task. */
export function expressionsComparison(path: string, source: string, marker: string, expressions: readonly string[]) {
  const program = readProgram(readFileSync(path), 'program.elf');
  const line =
    1 +
    readFileSync(join(corpus, source), 'utf8')
      .split('\n')
      .findIndex((each) => each.includes(`stop: ${marker} `));
  const file = program.lines.paths.find((each) => each.endsWith(source))!;
  const stop = Number(program.lines.addressesOf(file, line)!.addresses[0]);
  const task: GdbTask = { kind: 'expressions', program: path, stop, expressions };
  return {
    task,
    results(answer: unknown): readonly ExpressionResult[] {
      const { sp, answers } = answer as { sp: string; answers: readonly ExpressionResult['theirs'][] };
      const debuggee = debuggeeOf(program);
      for (const _ of visitStops(debuggee, [stop])) break;
      const shift = BigInt(sp) - debuggee.machine.readX(2);
      return expressions.map((expression, index) => {
        const theirs = answers[index]!;
        const placed = typeof theirs === 'string' ? theirs : ([withStackAt(theirs[0], shift), theirs[1]] as const);
        return { expression, ours: evaluated(debuggee, expression), theirs: placed };
      });
    },
  };
}

function evaluated(debuggee: Debuggee, expression: string): ExpressionResult['ours'] {
  try {
    const value = evaluateIn(debuggee, debuggee.frame(0), expression, { isReadOnly: true });
    return [formatValue(value, new FrameMemory(debuggee, 0)), typeName(value.type)];
  } catch (error) {
    if (!(error instanceof Error) || error.constructor.name !== 'UserError') throw error;
    return error.message;
  }
}
