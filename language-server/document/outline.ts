import type { AssemblyDocument } from './assembly-document';
import type { DocumentLine } from './document-line';
import type { Occurrence } from './occurrence';
import { nameOf, operationOf } from './parsed-line';

export type OutlineKind = 'function' | 'object' | 'label' | 'constant' | 'macro' | 'section';

/** A named part of a source. Lines count from 0; `end` is the last line that belongs to it. */
export interface OutlineItem {
  readonly name: string;
  readonly kind: OutlineKind;
  readonly line: DocumentLine;
  readonly occurrence: Occurrence;
  readonly start: number;
  readonly end: number;
  /** The labels of a function that are not functions themselves. */
  readonly children: readonly OutlineItem[];
}

const outlines = new WeakMap<AssemblyDocument, { readonly version: number; readonly items: readonly OutlineItem[] }>();

/** The named parts of a document in the order of their lines; made once a version. */
export function outlineOf(document: AssemblyDocument): readonly OutlineItem[] {
  const known = outlines.get(document);
  if (known?.version === document.version) return known.items;
  const items = nest(readItems(document), document);
  outlines.set(document, { version: document.version, items });
  return items;
}

/** The functions of a document: labels declared with `.type f, @function`, and global labels in code without a type. */
export function functionsOf(document: AssemblyDocument): readonly OutlineItem[] {
  return outlineOf(document).filter(({ kind }) => kind === 'function');
}

export function functionAround(document: AssemblyDocument, number: number): OutlineItem | undefined {
  return functionsOf(document).find(({ start, end }) => start <= number && number <= end);
}

interface FlatItem extends Omit<OutlineItem, 'start' | 'end' | 'children'> {
  readonly isInCode: boolean;
  /** Lines where it ends by itself: a macro at its `.endm`, a section and an object where the section changes. */
  readonly limit: number;
}

/** What `.type` and binding directives say about names. */
interface Declared {
  readonly types: ReadonlyMap<string, string>;
  readonly globals: ReadonlySet<string>;
  /** The line of `.size`, by name. */
  readonly sizes: ReadonlyMap<string, number>;
}

const sectionDirectives: ReadonlySet<string> = new Set([
  '.text',
  '.data',
  '.bss',
  '.rodata',
  '.section',
  '.pushsection',
  '.popsection',
  '.previous',
]);

function readItems(document: AssemblyDocument): FlatItem[] {
  const declared = readDeclared(document);
  const items: (FlatItem & { limit: number })[] = [];
  let section = '.text';
  let openSection: (FlatItem & { limit: number }) | undefined;
  const sinceSection: (FlatItem & { limit: number })[] = [];
  const macros: (FlatItem & { limit: number })[] = [];
  const stack: string[] = [];
  const closeSection = (at: number) => {
    for (const item of sinceSection.splice(0)) item.limit = at;
    if (openSection) openSection.limit = at;
    openSection = undefined;
  };
  for (const line of document.lines) {
    const { parsed, number } = line;
    if (parsed.statements.length === 0 && parsed.occurrences.length === 0) continue;
    for (const statement of parsed.statements) {
      const operation = operationOf(statement);
      if (operation === '.endm') {
        const macro = macros.pop();
        if (macro) macro.limit = number;
      }
      if (operation === undefined || !sectionDirectives.has(operation) || macros.length > 0) continue;
      closeSection(number - 1);
      if (operation === '.pushsection') stack.push(section);
      section = operation === '.popsection' ? (stack.pop() ?? '.text') : sectionNamed(operation, nameOf(statement.operands[0]));
      const named = parsed.occurrences.find(({ kind }) => kind === 'section');
      const place = named ?? { name: section, kind: 'section', role: 'reference', start: statement.start - 1, end: statement.end - 1 };
      openSection = { name: section, kind: 'section', line, occurrence: place, isInCode: isCode(section), limit: Number.POSITIVE_INFINITY };
      if (operation !== '.popsection' && operation !== '.previous') items.push(openSection);
    }
    for (const occurrence of parsed.occurrences) {
      if (occurrence.role !== 'definition') continue;
      const kind = kindOf(occurrence, declared, isCode(section));
      if (!kind || (macros.length > 0 && occurrence.kind !== 'macro')) continue;
      const item = { name: occurrence.name, kind, line, occurrence, isInCode: isCode(section), limit: Number.POSITIVE_INFINITY };
      items.push(item);
      if (kind === 'macro') macros.push(item);
      else if (kind === 'constant' || occurrence.kind === 'common') item.limit = number;
      else sinceSection.push(item);
    }
  }
  for (const item of items) {
    const size = item.kind === 'macro' ? undefined : declared.sizes.get(item.name);
    if (size !== undefined && size >= item.line.number) item.limit = Math.min(item.limit, size);
  }
  return items;
}

function readDeclared(document: AssemblyDocument): Declared {
  const types = new Map<string, string>();
  const globals = new Set<string>();
  const sizes = new Map<string, number>();
  for (const line of document.lines) {
    if (!line.parsed.occurrences.some(({ role }) => role === 'declaration')) continue;
    for (const statement of line.parsed.statements) {
      const operation = operationOf(statement);
      const name = nameOf(statement.operands[0]);
      if (name === undefined) continue;
      if (operation === '.type') types.set(name, (statement.operands.at(-1)?.text ?? '').toLowerCase().replace(/^"|"$/g, ''));
      if (operation === '.size') sizes.set(name, line.number);
      if (operation === '.globl' || operation === '.global' || operation === '.weak') {
        for (const operand of statement.operands) globals.add(nameOf(operand) ?? '');
      }
    }
  }
  return { types, globals, sizes };
}

function kindOf({ kind, name }: Occurrence, { types, globals }: Declared, isInCode: boolean): OutlineKind | undefined {
  if (kind === 'macro' || kind === 'word') return 'macro';
  if (kind === 'constant') return 'constant';
  if (kind === 'common') return 'object';
  if (kind !== 'label' || name.startsWith('.L')) return undefined;
  const type = types.get(name);
  if (type === 'function' || type === 'stt_func' || type === 'gnu_indirect_function') return 'function';
  if (type === 'object' || type === 'stt_object' || type === 'tls_object') return 'object';
  if (!isInCode) return 'object';
  return globals.has(name) ? 'function' : 'label';
}

/** Ends every item where the next of its rank begins, and puts labels into the functions that hold them. */
function nest(items: readonly FlatItem[], document: AssemblyDocument): OutlineItem[] {
  const last = document.lines.length - 1;
  const ends = new Array<number>(items.length);
  let nextFunction = last + 1;
  let nextLabel = last + 1;
  for (let index = items.length - 1; index >= 0; index--) {
    const { kind, limit, line } = items[index]!;
    const next = kind === 'function' ? nextFunction : kind === 'label' || kind === 'object' ? nextLabel : last + 1;
    const isOneLine = kind === 'constant' || (kind === 'macro' && limit === Number.POSITIVE_INFINITY);
    const end = limit < next ? limit : beforeDeclarations(document, next, line.number);
    ends[index] = isOneLine ? line.number : Math.max(line.number, Math.min(end, last));
    if (kind === 'function') nextFunction = line.number;
    if (kind === 'function' || kind === 'label' || kind === 'object') nextLabel = line.number;
  }
  const result: OutlineItem[] = [];
  let inside: { readonly end: number; readonly children: OutlineItem[] } | undefined;
  for (const [index, { name, kind, line, occurrence }] of items.entries()) {
    const children: OutlineItem[] = [];
    const item: OutlineItem = { name, kind, line, occurrence, start: line.number, end: ends[index]!, children };
    const isInside = kind === 'label' && inside !== undefined && line.number <= inside.end;
    if (isInside) inside!.children.push({ ...item, end: Math.min(item.end, inside!.end) });
    else result.push(item);
    if (kind === 'function') inside = { end: item.end, children };
  }
  return result;
}

/** The last line before the one that `next` begins in, passing over blank lines, comments and what declares the next symbol. */
function beforeDeclarations(document: AssemblyDocument, next: number, start: number): number {
  let end = next - 1;
  const isAbout = ({ parsed }: DocumentLine) =>
    parsed.statements.every((statement) => statement.labels.length === 0 && declaring.has(operationOf(statement) ?? '')) &&
    !parsed.isDirective;
  while (end > start && isAbout(document.line(end)!)) end--;
  return end;
}

const declaring: ReadonlySet<string> = new Set([
  '.globl',
  '.global',
  '.type',
  '.weak',
  '.local',
  '.hidden',
  '.align',
  '.p2align',
  '.balign',
]);

function sectionNamed(operation: string, name: string | undefined): string {
  return operation === '.section' || operation === '.pushsection' ? (name ?? '.text') : operation === '.previous' ? '.text' : operation;
}

function isCode(section: string): boolean {
  return /^\.(?:text|init|fini)\b|^\.text\./.test(section);
}
