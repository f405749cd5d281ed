import type { DebugProtocol } from '@vscode/debugprotocol';
import { ftraceRegsFields, readFtraceRegs, writeFtraceRegs } from '../ftrace/ftrace-regs';
import { csrs } from '../riscv/csrs';
import { xNames } from '../riscv/registers';
import type { Changed } from './changed';
import type { Debuggee } from './debuggee';
import * as errors from './errors';
import { hex, withoutAnnotations } from './format';
import type { LaunchedProgram } from './launch';
import type { Frame } from './stack-walk';
import { evaluateText, show, writeRegister } from './values';

/** One scope of a frame. `offer` is undefined where a frame has no such scope. */
interface ScopeKind {
  offer(debuggee: Debuggee, frame: Frame): { name: string; hint?: string } | undefined;
  variables(debuggee: Debuggee, frame: Frame, onlyHex: boolean): DebugProtocol.Variable[];
  /** Writes one of them and returns what else the editor shows that may have changed. */
  write(debuggee: Debuggee, frame: Frame, name: string, value: bigint): Omit<Changed<object>, 'body'>;
}

const ftraceRegs: ScopeKind = {
  offer(_, frame) {
    if (frame.ftraceRegs !== undefined) return { name: 'ftrace_regs' };
    return frame.call && { name: 'ftrace_regs (saved copy)' };
  },
  variables(debuggee, frame, onlyHex) {
    const { ftraceRegs: address, call } = frame;
    const regs = address === undefined ? call?.regs : readFtraceRegs(debuggee.machine.memory, address);
    if (!regs) return [];
    return ftraceRegsFields.map(({ name, offset, takesEffect, description }) => ({
      name,
      value: `${show(debuggee, { value: regs[name] }, onlyHex)} [+${offset}${takesEffect ? '' : ', ignored on return'}]`,
      type: `unsigned long at ftrace_regs+${offset}. ${description}`,
      variablesReference: 0,
      ...(address === undefined
        ? { presentationHint: { attributes: ['readOnly'] } }
        : { memoryReference: hex(address + BigInt(offset)), evaluateName: `{unsigned long}${hex(address + BigInt(offset))}` }),
    }));
  },
  write(debuggee, frame, name, value) {
    if (frame.ftraceRegs === undefined)
      throw errors.readOnly(name, 'the trampoline has returned, and this is the copy of what it had saved');
    const field = ftraceRegsFields.find((each) => each.name === name);
    if (!field) throw errors.unknownVariable(name);
    if (!writeFtraceRegs(debuggee.machine.memory, frame.ftraceRegs, name, value)) throw errors.unreadable(frame.ftraceRegs);
    debuggee.forgetStack();
    return { areas: ['stacks'], memory: { address: frame.ftraceRegs + BigInt(field.offset), size: 8 } };
  },
};

const registers: ScopeKind = {
  offer: () => ({ name: 'Registers', hint: 'registers' }),
  variables(debuggee, frame, onlyHex) {
    const pc = register(debuggee, 'pc', 'program counter', frame.pc, onlyHex);
    return [pc, ...xNames.map((name, number) => register(debuggee, name, `x${number}`, frame.x[number], onlyHex))];
  },
  write(debuggee, frame, name, value) {
    writeRegister(debuggee, frame, name, value);
    return { areas: name === 'pc' || name === 'sp' || name === 'ra' ? ['stacks'] : ['variables'] };
  },
};

const controlRegisters: ScopeKind = {
  offer: () => ({ name: 'CSR' }),
  variables({ machine }, _, onlyHex) {
    return csrs.flatMap(({ name, number, prose }) => {
      const value = machine.readCsr(number);
      if (value === undefined) return [];
      const type = `CSR ${hex(number)}. ${prose}`;
      return [{ name, value: onlyHex ? hex(value) : `${hex(value)} (${value})`, type, evaluateName: `$${name}`, variablesReference: 0 }];
    });
  },
  write(debuggee, frame, name, value) {
    writeRegister(debuggee, frame, name, value);
    return { areas: ['variables'] };
  },
};

const kinds: readonly ScopeKind[] = [ftraceRegs, registers, controlRegisters];

export function scopes({ debuggee }: LaunchedProgram, { frameId }: DebugProtocol.ScopesArguments): DebugProtocol.ScopesResponse['body'] {
  const frame = frameOfId(debuggee, frameId);
  return {
    scopes: kinds.flatMap((kind, index) => {
      const offered = kind.offer(debuggee, frame);
      if (!offered) return [];
      const { name, hint } = offered;
      const variablesReference = frameId * kinds.length + index;
      return [{ name, variablesReference, expensive: false, ...(hint ? { presentationHint: hint } : {}) }];
    }),
  };
}

export function variables(
  { debuggee }: LaunchedProgram,
  { variablesReference, start = 0, count, format }: DebugProtocol.VariablesArguments,
): DebugProtocol.VariablesResponse['body'] {
  const { kind, frame } = scopeOfReference(debuggee, variablesReference);
  const all = kind.variables(debuggee, frame, format?.hex ?? false);
  return { variables: all.slice(start, count ? start + count : undefined) };
}

export function setVariable(
  { debuggee }: LaunchedProgram,
  { variablesReference, name, value, format }: DebugProtocol.SetVariableArguments,
): Changed<DebugProtocol.SetVariableResponse['body']> {
  const { kind, frame } = scopeOfReference(debuggee, variablesReference);
  const shown = () =>
    kind.variables(debuggee, debuggee.frame(frame.index) ?? frame, format?.hex ?? false).find((each) => each.name === name);
  if (!shown()) throw errors.unknownVariable(name);
  const changes = kind.write(debuggee, frame, name, evaluateText(debuggee, frame, withoutAnnotations(value)).value);
  return { body: { value: shown()!.value, variablesReference: 0 }, ...changes };
}

/** The frame of an id that stackTrace gave at this stop. */
export function frameOfId(debuggee: Debuggee, id: number): Frame {
  const frame = debuggee.frame(id - 1);
  if (!frame) throw errors.unknownFrame(id);
  return frame;
}

function scopeOfReference(debuggee: Debuggee, reference: number): { kind: ScopeKind; frame: Frame } {
  const kind = kinds[reference % kinds.length];
  const frame = debuggee.frame(Math.floor(reference / kinds.length) - 1);
  if (!kind || !frame || !kind.offer(debuggee, frame)) throw errors.unknownVariables(reference);
  return { kind, frame };
}

function register(debuggee: Debuggee, name: string, type: string, value: bigint | undefined, onlyHex: boolean): DebugProtocol.Variable {
  const base = { name, type, evaluateName: `$${name}`, variablesReference: 0 };
  if (value === undefined) return { ...base, value: '<not saved>', presentationHint: { attributes: ['readOnly'] } };
  const mapped = debuggee.machine.memory.load(value, 1) !== undefined;
  return { ...base, value: show(debuggee, { value }, onlyHex), ...(mapped ? { memoryReference: hex(value) } : {}) };
}
