import type { DebugProtocol } from '@vscode/debugprotocol';
import { type FrameField, readFrame, writeFrame } from '../ftrace/frame-layout';
import type { LiveFrame } from '../ftrace/ftrace';
import { ftraceRegsNames } from '../ftrace/ftrace-regs';
import { xNames } from '../riscv/registers';
import type { Changed } from './changed';
import { csrVariables, writeCsrVariable } from './csr-variables';
import type { Debuggee } from './debuggee';
import * as errors from './errors';
import { floatRegisters, writeFloatRegister } from './float-registers';
import { hex, withoutAnnotations } from './format';
import type { LaunchedProgram } from './launch';
import type { Frame } from './stack-walk';
import { numberIn, showWord, writeRegister } from './values';
import { type ParameterView, parametersByRegister, withoutName } from './variables/parameters';
import { globalVariables, hasGlobals, hasLocals, localVariables, writeGlobal, writeLocal } from './variables/variable-scopes';

const fcsr = 3;

/** One scope of a frame. `offer` is undefined where a frame has no such scope. */
interface ScopeKind {
  offer(debuggee: Debuggee, frame: Frame): { name: string; hint?: string } | undefined;
  variables(debuggee: Debuggee, frame: Frame, onlyHex: boolean): DebugProtocol.Variable[];
  /** Writes one of them from the text of an expression and returns what else the editor shows that may have changed. */
  write(debuggee: Debuggee, frame: Frame, name: string, text: string): Omit<Changed<object>, 'body'>;
}

const ftraceRegs: ScopeKind = {
  offer({ ftrace }, frame) {
    if (frame.ftraceRegs) return { name: frame.ftraceRegs.layout.type };
    return frame.call && { name: `${ftrace.model.entries[0].frame.type} (saved copy)` };
  },
  variables(debuggee, frame, onlyHex) {
    return frame.ftraceRegs ? liveRegs(debuggee, frame, frame.ftraceRegs, onlyHex) : savedRegs(debuggee, frame, onlyHex);
  },
  write(debuggee, frame, name, text) {
    if (!frame.ftraceRegs) throw errors.readOnly(name, 'the trampoline has returned, and this is the copy of what it had saved');
    const { address, layout } = frame.ftraceRegs;
    const field = layout.field(name);
    if (!field) throw errors.unknownVariable(name);
    if (!writeFrame(debuggee.machine.memory, layout, address, name, numberIn(debuggee, frame, withoutName(text))))
      throw errors.unreadable(address);
    debuggee.forgetStack();
    return { areas: ['stacks'], memory: { address: address + BigInt(field.offset), size: 8 } };
  },
};

function liveRegs(debuggee: Debuggee, frame: Frame, { address, layout }: LiveFrame, onlyHex: boolean): DebugProtocol.Variable[] {
  const values = readFrame(debuggee.machine.memory, layout, address);
  if (!values) return [];
  const holder = debuggee.program.symbols.functionAt(values.get('epc') ?? 0n);
  const floats = frame.f?.slice(firstFloatArgument, firstFloatArgument + argumentNames.length);
  const parameters = parametersOf(debuggee, holder?.address, (name) => values.get(name), floats, onlyHex);
  const fields = layout.fields.map((field) => {
    const { name, offset, description } = field;
    const at = hex(address + BigInt(offset));
    const parameter = parameters.get(name);
    const type = parameter?.type ?? 'unsigned long';
    return {
      name,
      variablesReference: 0,
      ...parameter,
      value: `${parameter?.value ?? showWord(debuggee, { value: values.get(name)! }, onlyHex)} ${markOf(field)}`,
      type: `${type} at ${layout.type}+${offset}. ${description}`,
      memoryReference: at,
      evaluateName: `{unsigned long}${at}`,
    };
  });
  return [...fields, ...floatParameters(parameters, 'live, not in the frame')];
}

/** Neither frame has f registers: the hart still has what the function is called with, as no tracer uses them. */
function floatParameters(parameters: ReadonlyMap<string, ParameterView>, mark: string): DebugProtocol.Variable[] {
  const floats = [...parameters].filter(([name]) => name.startsWith('f'));
  return floats.map(([name, view]) => ({
    name,
    ...view,
    value: `${view.value} [${mark}]`,
    presentationHint: { attributes: ['readOnly'] },
  }));
}

/** What a tracer's writing to a field does: marked where it does nothing. */
function markOf({ offset, kept, takesEffect }: FrameField): string {
  if (!kept) return `[+${offset}, not saved]`;
  return takesEffect ? `[+${offset}]` : `[+${offset}, ignored on return]`;
}

function savedRegs(debuggee: Debuggee, { call }: Frame, onlyHex: boolean): DebugProtocol.Variable[] {
  if (!call) return [];
  const layout = debuggee.ftrace.model.entries[0].frame;
  const parameters = parametersOf(debuggee, call.function, (name) => call.regs[name], undefined, onlyHex);
  const saved = ftraceRegsNames.map((name) => {
    const parameter = parameters.get(name);
    return {
      name,
      variablesReference: 0,
      ...parameter,
      value: `${parameter?.value ?? showWord(debuggee, { value: call.regs[name] }, onlyHex)} [+${layout.field(name)?.offset ?? 0}]`,
      type: `${parameter?.type ?? 'unsigned long'}. ${layout.field(name)?.description ?? ''}`,
      presentationHint: { attributes: ['readOnly'] },
    };
  });
  return [...saved, ...floatParameters(parameters, 'the frame has no f registers')];
}

/** fa0 is f10. */
const firstFloatArgument = 10;
const argumentNames = ['a0', 'a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7'] as const;

function parametersOf(
  debuggee: Debuggee,
  traced: bigint | undefined,
  saved: (name: (typeof argumentNames)[number]) => bigint | undefined,
  floats: readonly (bigint | undefined)[] | undefined,
  onlyHex: boolean,
): ReadonlyMap<string, ParameterView> {
  if (traced === undefined) return new Map();
  const registers = argumentNames.map((name) => saved(name) ?? 0n);
  return parametersByRegister(debuggee, traced, registers, floats, onlyHex);
}

const registers: ScopeKind = {
  offer: () => ({ name: 'Registers', hint: 'registers' }),
  variables(debuggee, frame, onlyHex) {
    const pc = register(debuggee, 'pc', 'program counter', frame.pc, onlyHex);
    return [pc, ...xNames.map((name, number) => register(debuggee, name, `x${number}`, frame.x[number], onlyHex))];
  },
  write(debuggee, frame, name, text) {
    writeRegister(debuggee, frame, name, numberIn(debuggee, frame, text));
    return { areas: name === 'pc' || name === 'sp' || name === 'ra' ? ['stacks'] : ['variables'] };
  },
};

const floats: ScopeKind = {
  offer: ({ machine }) => (machine.readCsr(fcsr) === undefined ? undefined : { name: 'Floating-point registers', hint: 'registers' }),
  variables: floatRegisters,
  write(debuggee, frame, name, text) {
    writeFloatRegister(debuggee, frame, name, text);
    return { areas: ['variables'] };
  },
};

const controlRegisters: ScopeKind = { offer: () => ({ name: 'CSR' }), variables: csrVariables, write: writeCsrVariable };

const locals: ScopeKind = {
  offer: (_, frame) => (hasLocals(frame) ? { name: 'Locals', hint: 'locals' } : undefined),
  variables: localVariables,
  write: writeLocal,
};

const globals: ScopeKind = {
  offer: (_, frame) => (hasGlobals(frame) ? { name: 'Globals' } : undefined),
  variables: globalVariables,
  write: writeGlobal,
};

const kinds: readonly ScopeKind[] = [ftraceRegs, locals, globals, registers, floats, controlRegisters];

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
  const opened = debuggee.handles.get(variablesReference);
  if (opened) return { variables: opened.children(start, count, format?.hex ?? false) };
  const { kind, frame } = scopeOfReference(debuggee, variablesReference);
  const all = kind.variables(debuggee, frame, format?.hex ?? false);
  return { variables: all.slice(start, count ? start + count : undefined) };
}

export function setVariable(
  { debuggee }: LaunchedProgram,
  { variablesReference, name, value, format }: DebugProtocol.SetVariableArguments,
): Changed<DebugProtocol.SetVariableResponse['body']> {
  const onlyHex = format?.hex ?? false;
  const opened = debuggee.handles.get(variablesReference);
  if (opened) {
    const changes = opened.write(name, withoutAnnotations(value));
    return { body: bodyOf(opened.children(0, undefined, onlyHex).find((each) => each.name === name)), ...changes };
  }
  const { kind, frame } = scopeOfReference(debuggee, variablesReference);
  const shown = () => kind.variables(debuggee, debuggee.frame(frame.index) ?? frame, onlyHex).find((each) => each.name === name);
  if (!shown()) throw errors.unknownVariable(name);
  const changes = kind.write(debuggee, frame, name, withoutAnnotations(value));
  return { body: bodyOf(shown()), ...changes };
}

function bodyOf(variable: DebugProtocol.Variable | undefined): DebugProtocol.SetVariableResponse['body'] {
  if (!variable) return { value: '', variablesReference: 0 };
  const { name: _, evaluateName: __, presentationHint: ___, ...body } = variable;
  return body;
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
  return { ...base, value: showWord(debuggee, { value }, onlyHex), ...(mapped ? { memoryReference: hex(value) } : {}) };
}
