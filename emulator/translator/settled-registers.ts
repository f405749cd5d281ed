import type { ControlFlow, Step } from './control-flow';
import type { Region } from './find-region';
import { xBit } from './register-set';

/**
 * Registers with one constant in all of a region that calls itself and nothing else, such as t0 in a function with a call site that is
 * off. They are given it before anything is read or left, and never another one: once linear memory has it, it has it in all calls within.
 * `addressOf` gives the address of an offset.
 */
export function settledRegisters({ flow, offset }: Region, addressOf: (offset: number) => bigint): ReadonlyMap<number, bigint> {
  if (!callsItselfAlone(flow, offset)) return noValues;
  const values = new Map<number, bigint>();
  let read = 0;
  for (const step of flow.blocks[0]!.steps) {
    if (!isCertain(step)) break;
    read |= step.read.x;
    const { rd } = step.instruction;
    const value = constantOf(step, addressOf);
    if (value !== undefined && rd !== 0 && !(read & xBit(rd))) values.set(rd, value);
  }
  for (const { steps } of flow.blocks) {
    for (const step of steps) {
      if (step.hook) return noValues;
      const { rd } = step.instruction;
      if (step.effects.writes === 'rd' && constantOf(step, addressOf) !== values.get(rd)) values.delete(rd);
    }
  }
  return values;
}

const noValues: ReadonlyMap<number, bigint> = new Map();

function callsItselfAlone({ blocks }: ControlFlow, offset: number): boolean {
  let calls = false;
  for (const { end } of blocks) {
    if (end.kind === 'indirect' || (end.kind === 'call' && end.callee !== offset)) return false;
    calls ||= end.kind === 'call';
  }
  return calls;
}

/**
 * Of these registers, as bits, those that a region gives nothing but constants and does not read: t0 where functions with a call site that
 * is off are in line.
 */
export function unreadConstants({ flow }: Region, registers: number): number {
  let found = registers;
  if (found === 0) return 0;
  for (const { steps } of flow.blocks) {
    for (const step of steps) {
      found &= ~step.read.x;
      if (step.hook || !isConstant(step)) found &= ~step.written.x;
    }
  }
  return found;
}

/** Whether a step never leaves the region before it is done. */
function isCertain({ effects, hook }: Step): boolean {
  const { goes, access, writes, asksPlain, usesCsr, routines } = effects;
  return goes === 'on' && !hook && !access && writes === 'rd' && !asksPlain && !usesCsr && routines.size === 0;
}

function isConstant({ instruction: { meaning, rs1 } }: Step): boolean {
  return meaning === 'lui' || meaning === 'auipc' || (meaning === 'addi' && rs1 === 0);
}

function constantOf({ offset, instruction }: Step, addressOf: (offset: number) => bigint): bigint | undefined {
  const { meaning, rs1, immediate } = instruction;
  if (meaning === 'lui' || (meaning === 'addi' && rs1 === 0)) return BigInt(immediate);
  return meaning === 'auipc' ? addressOf(offset) + BigInt(immediate) : undefined;
}
