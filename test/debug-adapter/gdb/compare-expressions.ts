import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Debuggee } from '../../../debug-adapter/debuggee';
import { FrameMemory } from '../../../debug-adapter/frame-memory';
import { evaluateIn } from '../../../debug-adapter/values';
import type { Program } from '../../../program/program';
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
  /** Our own value is another where the stack is elsewhere. */
  readonly isOfStack: boolean;
}

/** Expressions at the line of a source that has a marker, each perhaps with a format as `/x` before it: to be compared with what gdb answers to the task. */
export function expressionsComparison(path: string, source: string, marker: string, expressions: readonly string[]) {
  const program = readProgram(readFileSync(path), 'program.elf');
  const stop = stopAt(program, source, marker);
  const task: GdbTask = { kind: 'expressions', program: path, stop, expressions };
  return {
    task,
    results(answer: unknown): readonly ExpressionResult[] {
      const { sp, answers } = answer as { sp: string; answers: readonly ExpressionResult['theirs'][] };
      const [debuggee, elsewhere] = ['program.elf', 'x'.repeat(50_016)].map((name) => {
        const each = debuggeeOf(program, undefined, name);
        for (const _ of visitStops(each, [stop])) break;
        return each;
      }) as [Debuggee, Debuggee];
      const shift = BigInt(sp) - debuggee.machine.readX(2);
      const distance = debuggee.machine.readX(2) - elsewhere.machine.readX(2);
      return expressions.map((expression, index) => {
        const theirs = answers[index]!;
        const ours = evaluated(debuggee, expression);
        const other = evaluated(elsewhere, expression);
        const moved = placed(other, elsewhere.machine.readX(2), distance);
        const isBitsOfAddress = String(other) !== String(ours) && !/0x40[0-9a-f]{8}\b/.test(String(theirs));
        return {
          expression,
          ours,
          theirs: typeof theirs === 'string' ? theirs : ([withStackAt(theirs[0], shift), theirs[1]] as const),
          isOfStack: isBitsOfAddress || String(moved) !== String(ours),
        };
      });
    },
  };
}

/** The address of the line of a source that has a marker. */
export function stopAt(program: Program, source: string, marker: string): number {
  const lines = readFileSync(join(corpus, source), 'utf8').split('\n');
  const line = 1 + lines.findIndex((each) => each.includes(`stop: ${marker} `));
  const file = program.lines.paths.find((each) => each.endsWith(source))!;
  return Number(program.lines.addressesOf(file, line)!.addresses[0]);
}

const nearStack = 1n << 16n;

/** With the addresses of the stack as they are where it is higher by so many bytes. */
function placed(result: ExpressionResult['ours'], sp: bigint, distance: bigint): ExpressionResult['ours'] {
  const text = (each: string) =>
    each.replace(/0x[0-9a-f]{6,16}\b/g, (address) => {
      const isOfStack = BigInt(address) > sp - nearStack && BigInt(address) < sp + nearStack;
      return isOfStack ? `0x${(BigInt(address) + distance).toString(16)}` : address;
    });
  return typeof result === 'string' ? text(result) : [text(result[0]), result[1]];
}

function evaluated(debuggee: Debuggee, text: string): ExpressionResult['ours'] {
  const [, letter, expression = ''] = /^(?:\/(\w) )?(.*)$/s.exec(text) ?? [];
  try {
    const value = evaluateIn(debuggee, debuggee.frame(0), expression);
    return [formatValue(value, new FrameMemory(debuggee, 0), { letter }), typeName(value.type)];
  } catch (error) {
    if (!(error instanceof Error) || error.constructor.name !== 'UserError') throw error;
    return error.message;
  }
}
