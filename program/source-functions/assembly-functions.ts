import type { SourceFunction } from '../source-functions';

/**
 * The functions of a GNU as source: labels in code that are declared with `.type f, @function`, and global ones without a type.
 * One ends with its `.size`, else where the next one starts or the section changes.
 */
export function assemblyFunctions(text: string): SourceFunction[] {
  const statements = readStatements(text);
  const declared = declaredNames(statements);
  const starts = findStarts(statements, declared);
  return starts.map((start, index) => {
    const limit = starts[index + 1]?.first ?? statements.length;
    const label = statements[start.label]!;
    return {
      name: start.name,
      startLine: statements[start.first]!.line,
      endLine: statements[lastOf(statements, start, limit)]!.line,
      nameLine: label.line,
      nameColumn: label.column,
    };
  });
}

/** A label, or what follows labels up to the end of the line or a semicolon. */
interface Statement {
  readonly line: number;
  readonly column: number;
  readonly label: string | undefined;
  /** Directive or mnemonic, in lower case; empty for a label. */
  readonly operation: string;
  readonly operands: readonly string[];
}

interface Start {
  readonly name: string;
  /** Index of the first statement that belongs to it, and of its label. */
  readonly first: number;
  readonly label: number;
}

function readStatements(text: string): Statement[] {
  const statements: Statement[] = [];
  let macroDepth = 0;
  withoutComments(text)
    .split('\n')
    .forEach((lineText, index) => {
      for (const { text: part, column } of partsOf(lineText)) {
        const label = /^("?)([\w.$]+)\1\s*:$/.exec(part)?.[2];
        const words = label === undefined ? /^(\S+)\s*(.*)$/s.exec(part) : undefined;
        const operation = words?.[1]?.toLowerCase() ?? '';
        if (operation === '.macro') macroDepth++;
        if (macroDepth === 0) {
          const operands = (words?.[2] ?? '').split(',').map((operand) => operand.trim().replace(/^"(.*)"$/, '$1'));
          statements.push({ line: index + 1, column, label, operation, operands });
        }
        if (operation === '.endm') macroDepth = Math.max(0, macroDepth - 1);
      }
    });
  return statements;
}

/** The text with comments as blanks, so that places stay: `#` and `//` to the end of the line, and C comments. */
function withoutComments(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^\\\n])|\/\*[\s\S]*?(?:\*\/|$)|\/\/.*|#.*/g, (found) => {
    return found.startsWith('"') || found.startsWith("'") ? found : found.replace(/[^\n]/g, ' ');
  });
}

/** Labels and statements of a line, with their columns. */
function partsOf(line: string): { text: string; column: number }[] {
  const parts: { text: string; column: number }[] = [];
  for (const match of line.matchAll(/(?:"[\w.$]+"|[\w.$]+)\s*:(?!:)|(?:"(?:\\.|[^"\\])*"?|'(?:\\.|[^\\])|[^;"'])+/g)) {
    const text = match[0].trim();
    if (text === '') continue;
    const start = match.index + match[0].length - match[0].trimStart().length;
    const labels = /^((?:"[\w.$]+"|[\w.$]+)\s*:)(.*)$/s.exec(text);
    if (!labels) {
      parts.push({ text, column: start + 1 });
      continue;
    }
    parts.push({ text: labels[1]!, column: start + 1 });
    const rest = labels[2]!;
    for (const part of partsOf(rest)) parts.push({ text: part.text, column: start + labels[1]!.length + part.column });
  }
  return parts;
}

interface Declared {
  readonly functions: ReadonlySet<string>;
  readonly globals: ReadonlySet<string>;
  readonly typed: ReadonlySet<string>;
}

function declaredNames(statements: readonly Statement[]): Declared {
  const names = { functions: new Set<string>(), globals: new Set<string>(), typed: new Set<string>() };
  for (const { operation, operands } of statements) {
    const name = operands[0] ?? '';
    if (operation === '.type') {
      names.typed.add(name);
      if (/^([@%]?(function|gnu_indirect_function)|STT_FUNC)$/i.test(operands[1] ?? '')) names.functions.add(name);
    } else if (operation === '.globl' || operation === '.global' || operation === '.weak') {
      for (const each of operands) names.globals.add(each);
    }
  }
  return names;
}

function findStarts(statements: readonly Statement[], { functions, globals, typed }: Declared): Start[] {
  const starts: Start[] = [];
  const sections: boolean[] = [];
  const sizes = new Map(statements.flatMap(({ operation, operands }, index) => (operation === '.size' ? [[operands[0]!, index]] : [])));
  let inCode = true;
  statements.forEach((statement, index) => {
    const { label, operation, operands } = statement;
    if (operation === '.pushsection') sections.push(inCode);
    inCode = operation === '.popsection' ? (sections.pop() ?? true) : (codeAfter(operation, operands) ?? inCode);
    if (label === undefined || label.startsWith('.L')) return;
    const isInside = index < (sizes.get(starts.at(-1)?.name ?? '') ?? 0);
    if (!functions.has(label) && !(inCode && !isInside && globals.has(label) && !typed.has(label))) return;
    starts.push({ name: label, first: firstOf(statements, index, label, starts.at(-1)?.label ?? -1), label: index });
  });
  return starts;
}

/** Whether code follows a directive; undefined where it does not change the section. */
function codeAfter(operation: string, operands: readonly string[]): boolean | undefined {
  if (operation === '.text') return true;
  if (/^\.(data|bss|rodata|sdata|sbss)$/.test(operation)) return false;
  if (operation !== '.section' && operation !== '.pushsection') return undefined;
  return /^\.(text|init|fini)\b/.test(operands[0] ?? '') || /x/.test(operands[1] ?? '');
}

/** The function's own `.globl` and `.type` directly before its label, with what is between them. */
function firstOf(statements: readonly Statement[], label: number, name: string, previous: number): number {
  let first = label;
  for (let index = label - 1; index > previous && statements[index]!.operation.startsWith('.'); index--) {
    const { operation, operands } = statements[index]!;
    if (operation === '.size' || codeAfter(operation, operands) !== undefined) break;
    if (operands.includes(name)) first = index;
  }
  return first;
}

function lastOf(statements: readonly Statement[], { name, label }: Start, limit: number): number {
  let last = label;
  for (let index = label + 1; index < limit; index++) {
    const { operation, operands } = statements[index]!;
    if (operation === '.size' && operands[0] === name) return index;
    if (codeAfter(operation, operands) === false) break;
    if (!operation.startsWith('.') || dataDirective.test(operation)) last = index;
  }
  return last;
}

/** Directives that put something into the section. */
const dataDirective = /^\.(byte|half|word|dword|[248]byte|quad|insn|string|asciz|ascii|zero|skip|space|fill)$/;
