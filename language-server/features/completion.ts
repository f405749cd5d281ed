import { type CompletionItem, CompletionItemKind, type CompletionList, InsertTextFormat, type Position } from 'vscode-languageserver';
import { csrs } from '../../riscv/csrs';
import { floatConstants } from '../../riscv/float-constants';
import { type OperandKind, operandKinds } from '../../riscv/operands';
import { type Form, formsOf, mnemonics } from '../../riscv/pseudo-instructions';
import { roundingModeNames } from '../../riscv/rounding';
import type { AssemblyDocument } from '../document/assembly-document';
import { macroAround } from '../document/macro-blocks';
import { operationOf } from '../document/parsed-line';
import { isInComment, type StatementBefore, statementBefore } from '../document/statement-before';
import { directiveDoc, directiveDocs } from '../knowledge/directives';
import { operandNames } from '../knowledge/instructions';
import { csrText, registerText } from '../knowledge/operand-docs';
import { registers } from '../knowledge/registers';
import { relocationDocs } from '../knowledge/relocations';
import { macroHead } from '../workspace/macro-head';
import type { Workspace } from '../workspace/workspace';
import { mostSymbols, SymbolCompletion } from './symbol-completion';

/** What can stand at a position: by the mnemonic, the operand and what is written of it. */
export function completion(workspace: Workspace, document: AssemblyDocument, position: Position): CompletionList {
  const items = itemsAt(workspace, document, position);
  return { isIncomplete: items.length >= mostSymbols, items };
}

function itemsAt(workspace: Workspace, document: AssemblyDocument, position: Position): CompletionItem[] {
  const line = document.line(position.line);
  if (!line) return [];
  const text = line.text.slice(0, position.character);
  if (document.isPreprocessed && line.state === 'code' && /^\s*#\w*$/.test(text)) return preprocessorItems(text, position);
  if (line.parsed.isDirective || isInComment(line, position.character)) return [];
  if (/\\\w*$/.test(text)) return argumentItems(document, position);
  const place = statementBefore(document, position);
  if (place?.operand === undefined) return operationItems(workspace, document, position, text);
  const operation = operationOf(place.statement) ?? '';
  const names = new SymbolCompletion(workspace, document, wordBefore(text));
  if (/%\w*$/.test(place.operandText)) return relocationItems(text, position);
  if (operation.startsWith('.')) return directiveOperands(names, place, operation);
  const forms = formsOf(operation).filter(({ operands }) => operands.length > place.operand!);
  if (forms.length === 0) return [...registerItems(), ...registerItems(false, 'f'), ...names.symbols()];
  return operandItems(names, forms, place);
}

/** The part of a name that is already written. */
function wordBefore(text: string): string {
  return /[\w.$]*$/.exec(text)![0];
}

function operandItems(names: SymbolCompletion, forms: readonly Form[], place: StatementBefore): CompletionItem[] {
  const items = new Map<string, CompletionItem>();
  const add = (list: readonly CompletionItem[]) => {
    for (const item of list) if (!items.has(item.label)) items.set(item.label, item);
  };
  const inParentheses = /\([^)]*$/.test(place.operandText);
  for (const form of forms) {
    if (form.kind === 'macro') add(macroOperandItems(names, form, place.operand!));
    else add(kindItems(names, form.operands[place.operand!]!, inParentheses));
  }
  return [...items.values()];
}

function macroOperandItems(names: SymbolCompletion, form: Form & { kind: 'macro' }, operand: number): CompletionItem[] {
  const kind = form.operands[operand];
  if (kind === 'symbol') return names.symbols();
  return kind === 'constant' ? names.constants() : registerItems();
}

function kindItems(names: SymbolCompletion, kind: OperandKind, inParentheses: boolean): CompletionItem[] {
  const operand = operandKinds[kind];
  switch (operand.syntax) {
    case 'register':
      return registerItems(operand.bits === 3);
    case 'float register':
      return registerItems(operand.bits === 3, 'f');
    case 'rounding':
      return roundingModeNames.map((label) => ({ label, kind: CompletionItemKind.EnumMember }));
    case 'float constant':
      return floatConstants.map(({ text }) => ({ label: text, kind: CompletionItemKind.EnumMember }));
    case 'address':
      return inParentheses ? registerItems() : addressItems();
    case 'memory':
      if (inParentheses) return registerItems(operand.base.bits === 3);
      return [...addressItems(), ...names.constants(), ...relocationItems('', undefined, 'lower')];
    case 'csr':
      return csrItems();
    case 'set':
      return setItems();
    case 'target':
      return names.symbols();
    case 'upper':
      return [...relocationItems('', undefined, 'upper'), ...names.constants()];
    case 'value':
      return [...names.constants(), ...(operand.signed ? relocationItems('', undefined, 'lower') : [])];
  }
}

/** Mnemonics, directives and macros, where a statement begins. */
function operationItems(workspace: Workspace, document: AssemblyDocument, position: Position, text: string): CompletionItem[] {
  const word = wordBefore(text);
  const range = { start: { line: position.line, character: position.character - word.length }, end: position };
  const edit = (newText: string) => ({ textEdit: { range, newText } });
  if (word.startsWith('.')) return directiveDocs.map((doc) => directiveItem(doc.name, edit));
  const macros = workspace.unitOf(document).flatMap(({ index }) => [...index.definedKeys].filter((key) => key.startsWith('macro ')));
  return [
    ...mnemonics.map((name) => mnemonicItem(name, edit)),
    ...macros.flatMap((key) => macroItem(workspace, document, key.slice('macro '.length), edit)),
    ...(word === '' ? directiveDocs.map((doc) => directiveItem(doc.name, edit)) : []),
  ];
}

type Edit = (text: string) => Pick<CompletionItem, 'textEdit'>;

function mnemonicItem(name: string, edit: Edit): CompletionItem {
  const [form] = formsOf(name);
  const operands = operandNames(form!);
  const holes = operands.map((operand, index) => `\${${index + 1}:${operand.replace(/[\\$}]/g, '\\$&')}}`);
  return {
    label: name,
    kind: form!.kind === 'macro' ? CompletionItemKind.Snippet : CompletionItemKind.Keyword,
    labelDetails: { detail: operands.length > 0 ? ` ${operands.join(', ')}` : '' },
    detail: form!.prose,
    insertTextFormat: InsertTextFormat.Snippet,
    ...edit(operands.length > 0 ? `${name} ${holes.join(', ')}` : name),
    data: { kind: 'mnemonic', name },
  };
}

function directiveItem(name: string, edit: Edit): CompletionItem {
  const doc = directiveDoc(name)!;
  return {
    label: name,
    kind: doc.snippet?.includes('\n') ? CompletionItemKind.Snippet : CompletionItemKind.Keyword,
    labelDetails: { detail: doc.syntax === '' ? '' : ` ${doc.syntax}` },
    detail: doc.prose,
    insertTextFormat: InsertTextFormat.Snippet,
    ...edit(doc.snippet ?? name),
    data: { kind: 'directive', name },
  };
}

function macroItem(workspace: Workspace, document: AssemblyDocument, name: string, edit: Edit): CompletionItem[] {
  const head = macroHead(workspace, document, name);
  if (!head) return [];
  return [
    {
      label: head.name,
      kind: CompletionItemKind.Function,
      labelDetails: { detail: head.parameters.length > 0 ? ` ${head.parameters.join(', ')}` : '' },
      detail: 'macro',
      ...(head.comment !== '' && { documentation: head.comment }),
      ...edit(head.name),
    },
  ];
}

/** Operands of directives that are words of their own; labels and constants elsewhere. */
function directiveOperands(names: SymbolCompletion, place: StatementBefore, operation: string): CompletionItem[] {
  const words = wordsOf(operation, place.operand!);
  if (words) return words.map((label) => ({ label, kind: CompletionItemKind.EnumMember }));
  if (operation.startsWith('.cfi_')) return [...registerItems(), ...registerItems(false, 'f')];
  return names.symbols();
}

function wordsOf(operation: string, operand: number): readonly string[] | undefined {
  if (operation === '.option' && operand === 0) return ['rvc', 'norvc', 'relax', 'norelax', 'pic', 'nopic', 'push', 'pop', 'arch'];
  if (operation === '.type' && operand === 1)
    return ['@function', '@object', '@tls_object', '@notype', '@common', '@gnu_indirect_function'];
  if (operation === '.section' || operation === '.pushsection') {
    if (operand === 0) return ['.text', '.data', '.rodata', '.bss', '.sdata', '.sbss', '.tdata', '.tbss', '.init_array', '.note.GNU-stack'];
    if (operand === 1) return ['"a"', '"aw"', '"ax"', '"aMS"', '"awT"'];
    if (operand === 2) return ['@progbits', '@nobits', '@note', '@init_array', '@fini_array'];
  }
  if (operation === '.insn' && operand === 0)
    return ['r', 'i', 's', 'sb', 'b', 'u', 'uj', 'j', 'r4', 'cr', 'ci', 'ciw', 'css', 'cl', 'cs', 'ca', 'cb', 'cj'];
  if (operation === '.attribute' && operand === 0) return ['arch', 'stack_align', 'unaligned_access', 'priv_spec', 'priv_spec_minor'];
  return operation === '.cfi_sections' ? ['.debug_frame', '.eh_frame'] : undefined;
}

function registerItems(onlyCompressed = false, file: 'x' | 'f' = 'x'): CompletionItem[] {
  return registers
    .filter(({ numbered }) => numbered.startsWith(file) && (!onlyCompressed || /^[xf](?:8|9|1[0-5])$/.test(numbered)))
    .map((register, index) => ({
      label: register.name,
      kind: CompletionItemKind.Variable,
      labelDetails: { description: register.numbered },
      documentation: { kind: 'markdown', value: registerText(register) },
      sortText: `0${String(index).padStart(2, '0')}`,
    }));
}

function addressItems(): CompletionItem[] {
  return ['sp', 's0', 'a0', 'a1'].map((base, index) => ({
    label: `0(${base})`,
    kind: CompletionItemKind.Snippet,
    insertText: `\${1:0}(\${2:${base}})`,
    insertTextFormat: InsertTextFormat.Snippet,
    sortText: `1${index}`,
  }));
}

function csrItems(): CompletionItem[] {
  return csrs().map(({ name, number, prose }) => ({
    label: name,
    kind: CompletionItemKind.Constant,
    labelDetails: { description: `0x${number.toString(16).padStart(3, '0')}` },
    detail: prose,
    data: { kind: 'csr', name },
  }));
}

function setItems(): CompletionItem[] {
  return ['rw', 'r', 'w', 'iorw', 'io', 'i', 'o', 'ir', 'ow'].map((label) => ({ label, kind: CompletionItemKind.EnumMember }));
}

function relocationItems(text: string, position?: Position, part?: 'upper' | 'lower'): CompletionItem[] {
  const written = /%\w*$/.exec(text)?.[0] ?? '';
  return relocationDocs
    .filter((doc) => part === undefined || doc.part === part)
    .map(({ name, prose }) => {
      const newText = `%${name}(\${1:symbol})`;
      const range = position && { start: { ...position, character: position.character - written.length }, end: position };
      return {
        label: `%${name}`,
        kind: CompletionItemKind.Function,
        detail: prose,
        insertTextFormat: InsertTextFormat.Snippet,
        ...(range ? { textEdit: { range, newText } } : { insertText: newText }),
        sortText: `3${name}`,
      };
    });
}

function argumentItems(document: AssemblyDocument, position: Position): CompletionItem[] {
  const block = macroAround(document, position.line);
  if (!block) return [];
  const names = document.line(block.start)!.parsed.occurrences.filter(({ kind, role }) => kind === 'argument' && role === 'definition');
  return names.map(({ name }) => ({ label: name, kind: CompletionItemKind.TypeParameter }));
}

function preprocessorItems(text: string, position: Position): CompletionItem[] {
  const written = /#\w*$/.exec(text)![0];
  const range = { start: { ...position, character: position.character - written.length }, end: position };
  return ['#define', '#undef', '#include', '#if', '#ifdef', '#ifndef', '#elif', '#else', '#endif', '#error'].map((label) => ({
    label,
    kind: CompletionItemKind.Keyword,
    textEdit: { range, newText: label },
  }));
}

/** Completes what is shown of an item once it is looked at. */
export function resolveCompletion(item: CompletionItem): CompletionItem {
  const data = item.data as { kind?: string; name?: string } | undefined;
  if (data?.kind !== 'csr' || data.name === undefined) return item;
  const value = csrText(data.name);
  return value === undefined ? item : { ...item, documentation: { kind: 'markdown', value } };
}
