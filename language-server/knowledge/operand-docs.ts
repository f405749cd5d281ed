import { csrNumber, csrs } from '../../riscv/csrs';
import { csrFields } from './csr-fields';
import type { RegisterRole } from './registers';

/** What hovers and completions say of a register, in Markdown. */
export function registerText({ name, numbered, role, saver }: RegisterRole): string {
  const saved = { caller: 'Saved by the caller.', callee: 'Saved by the callee.', nobody: '' }[saver];
  return `**${name}** (${numbered})\n\n${role} ${saved}`.trim();
}

/** What there is to say of a CSR, in Markdown; undefined for a name that is none. */
export function csrText(name: string): string | undefined {
  const number = csrNumber(name);
  if (number === undefined) return undefined;
  const csr = csrs().find((each) => each.name === name)!;
  const fields = csrFields(name);
  const rows = fields.map(({ name: field, high, low, prose }) => `| ${high === low ? high : `${high}-${low}`} | ${field} | ${prose} |`);
  const table = rows.length > 0 ? `\n\n| bits | field | |\n|---|---|---|\n${rows.join('\n')}` : '';
  return `**${name}** (CSR 0x${number.toString(16).padStart(3, '0')}, ${accessOf(number)})\n\n${csr.prose}${table}`;
}

/** Volume II, section "CSR Address Mapping Conventions": bits 11-10 say whether it can be written, bits 9-8 from which mode. */
function accessOf(number: number): string {
  const modes = ['user', 'supervisor', 'hypervisor', 'machine'] as const;
  return `${modes[(number >> 8) & 3]} mode, ${number >> 10 === 3 ? 'read-only' : 'read and write'}`;
}
