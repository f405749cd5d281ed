import type { DebugProtocol } from '@vscode/debugprotocol';
import { type CsrField, causeName, fieldOf, fieldsOf, withField } from '../riscv/csr-fields';
import { type Csr, csrs } from '../riscv/csrs';
import type { Changed } from './changed';
import type { Debuggee } from './debuggee';
import * as errors from './errors';
import { hex } from './format';
import type { Frame } from './stack-walk';
import { numberIn, writeRegister } from './values';

/** Counters of which a bare machine has 29 that are always zero: those are not worth a line. */
const performance = /^m?hpm(counter|event)\d+$/;

/** The CSRs of the machine, decoded; those with fields can be opened. Before them, on a bare machine, the privilege mode. */
export function csrVariables(debuggee: Debuggee, frame: Frame, onlyHex: boolean): DebugProtocol.Variable[] {
  const { machine } = debuggee;
  const privilege = machine.privilege;
  const mode = { name: 'privilege', value: privilege ?? '', type: 'The privilege mode of the hart.', variablesReference: 0 };
  const all = csrs().flatMap((csr) => {
    const value = machine.readCsr(csr.number);
    const isHidden = value === undefined || (value === 0n && performance.test(csr.name));
    return isHidden ? [] : [variableOf(debuggee, frame, csr, value, onlyHex)];
  });
  return privilege === undefined ? all : [{ ...mode, presentationHint: { attributes: ['readOnly'] } }, ...all];
}

export function writeCsrVariable(debuggee: Debuggee, frame: Frame, name: string, text: string): Omit<Changed<object>, 'body'> {
  if (name === 'privilege') throw errors.readOnly(name, 'it changes by traps and mret only');
  writeRegister(debuggee, frame, name, numberIn(debuggee, frame, text));
  return { areas: ['variables'] };
}

function variableOf(debuggee: Debuggee, frame: Frame, csr: Csr, value: bigint, onlyHex: boolean): DebugProtocol.Variable {
  const { name, number, prose } = csr;
  const number64 = onlyHex ? hex(value) : `${hex(value)} (${value})`;
  const decoded = onlyHex ? '' : decodedText(name, value);
  const fields = fieldsOf(name);
  return {
    name,
    value: decoded === '' ? number64 : `${number64} <${decoded}>`,
    type: `CSR ${hex(number)}. ${prose}`,
    evaluateName: `$${name}`,
    variablesReference: fields.length === 0 ? 0 : debuggee.handles.add(openable(debuggee, frame, csr, fields)),
  };
}

function openable(debuggee: Debuggee, frame: Frame, { name, number }: Csr, fields: readonly CsrField[]) {
  const current = () => debuggee.machine.readCsr(number) ?? 0n;
  return {
    children: (_start: number, _count: number | undefined, onlyHex: boolean) =>
      fields.map((field) => ({
        name: field.name,
        value: fieldText(field, current(), onlyHex),
        type: `bits ${field.high} to ${field.low} of ${name}`,
        variablesReference: 0,
      })),
    write: (fieldName: string, text: string): Omit<Changed<object>, 'body'> => {
      const field = fields.find((each) => each.name === fieldName);
      if (!field) throw errors.unknownVariable(fieldName);
      const named = field.values?.indexOf(text.trim()) ?? -1;
      const value = named >= 0 ? BigInt(named) : numberIn(debuggee, frame, text);
      writeRegister(debuggee, frame, name, withField(current(), field, value));
      return { areas: ['variables'] };
    },
  };
}

function fieldText(field: CsrField, csr: bigint, onlyHex: boolean): string {
  const value = fieldOf(csr, field);
  const named = field.values?.[Number(value)];
  const number = field.high - field.low > 7 || onlyHex ? hex(value) : `${value}`;
  return named === undefined ? number : `${number} <${named}>`;
}

/** What the fields hold that are not 0, or for mcause what happened. */
function decodedText(name: string, value: bigint): string {
  if (name === 'mcause') return causeName(value);
  if (name === 'mtvec') return value & 1n ? 'vectored' : '';
  return fieldsOf(name)
    .flatMap((field) => {
      const bits = fieldOf(value, field);
      const named = field.values?.[Number(bits)];
      if (bits === 0n && named !== 'user') return [];
      if (named !== undefined) return [`${field.name}=${named}`];
      return [field.high === field.low ? field.name : `${field.name}=${bits}`];
    })
    .join(' ');
}
