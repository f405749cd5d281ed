import { type Alias, aliases } from './aliases';
import { instructionTable } from './instruction-table';
import { type Macro, macros } from './macros';

/** One way to write a mnemonic: as one instruction (its own row, or an alias), or as a macro of several. */
export type Form = ({ readonly kind: 'single' } & Omit<Alias, 'use'>) | ({ readonly kind: 'macro' } & Macro);

/**
 * The forms that GNU as takes for a mnemonic in lower case, empty for an unknown one. They differ in the number or the shape of
 * their operands; where the operands fit several, the first is meant.
 */
export function formsOf(name: string): readonly Form[] {
  return forms.get(name) ?? [];
}

const forms = new Map<string, Form[]>();
for (const { mnemonic, operands, prose } of instructionTable) {
  add({ kind: 'single', name: mnemonic, operands, meaning: mnemonic, fixed: {}, prose });
}
for (const alias of aliases) if (alias.use !== 'disassembly') add({ kind: 'single', ...alias });
for (const macro of macros) add({ kind: 'macro', ...macro });

/** Every mnemonic that the assembler knows, instructions first. */
export const mnemonics: readonly string[] = [...forms.keys()];

function add(form: Form): void {
  const others = forms.get(form.name);
  if (others) others.push(form);
  else forms.set(form.name, [form]);
}
