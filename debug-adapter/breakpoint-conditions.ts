import type { Gate } from './breakpoint-sites';
import type { Debuggee } from './debuggee';
import { UserError } from './errors';
import { splitFormat } from './expressions/format-suffix';
import type { LaunchedProgram } from './launch';
import { evaluateIn, isTrueIn, show } from './values';

/** When a breakpoint stops the hart, and what it prints instead of stopping it. */
export interface BreakpointConditions {
  /** An expression that must be true. */
  readonly condition?: string;
  /** `5` stops at the fifth hit; `> 5`, `>= 5`, `== 5`, `< 5`, `<= 5` compare; `% 5` stops at each fifth. */
  readonly hitCondition?: string;
  /** Text that is printed, with `{expressions}` in it, in place of a stop. */
  readonly logMessage?: string;
}

const hitPattern = /^\s*(>=|<=|==?|>|<|%)?\s*(\d+)\s*$/;

/** Why the conditions cannot be understood. */
export function problemOf({ hitCondition }: BreakpointConditions): string | undefined {
  if (!hitCondition || hitPattern.test(hitCondition)) return undefined;
  return `"${hitCondition}" is no hit count: a number, or one after > >= == < <= or %.`;
}

/** What decides at each hit. A condition that cannot be evaluated stops, and says why. */
export function makeGate({ debuggee, say }: LaunchedProgram, { condition, hitCondition, logMessage }: BreakpointConditions): Gate {
  let hits = 0;
  return () => {
    if (condition?.trim() && !holds(debuggee, condition, say)) return false;
    hits++;
    if (hitCondition?.trim() && !isHit(hitCondition, hits)) return false;
    if (!logMessage) return true;
    say(`${interpolate(debuggee, logMessage)}\n`);
    return false;
  };
}

function holds(debuggee: Debuggee, condition: string, say: (text: string) => void): boolean {
  try {
    return isTrueIn(debuggee, debuggee.frameNow(), condition);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    say(`The condition of a breakpoint cannot be evaluated: ${error.message}\n`);
    return true;
  }
}

function isHit(hitCondition: string, hits: number): boolean {
  const [, operator = '==', digits] = hitPattern.exec(hitCondition) ?? [];
  const count = Number(digits);
  switch (operator) {
    case '>':
      return hits > count;
    case '>=':
      return hits >= count;
    case '<':
      return hits < count;
    case '<=':
      return hits <= count;
    case '%':
      return count > 0 && hits % count === 0;
    default:
      return hits === count;
  }
}

/** Puts the values of `{expressions}` in; a brace after a backslash stands for itself. */
function interpolate(debuggee: Debuggee, message: string): string {
  return message.replace(/\\([{}])|\{([^{}]*)\}/g, (_, brace: string | undefined, expression: string) => {
    if (brace !== undefined) return brace;
    try {
      const frame = debuggee.frameNow();
      const { source, letter } = splitFormat(expression, undefined);
      return show(debuggee, frame, evaluateIn(debuggee, frame, source, { isReadOnly: true }), letter);
    } catch (error) {
      if (error instanceof UserError) return `<${error.message}>`;
      throw error;
    }
  });
}
