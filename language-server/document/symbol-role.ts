import type { AssemblyDocument } from './assembly-document';
import { operationOf } from './parsed-line';
import type { Found } from './symbol-index';

/** What a symbol is used as, as far as the lines that define and declare it tell. */
export type SymbolRole = 'function' | 'object' | 'constant' | 'label' | 'macro';

const dataDirective =
  /^\.(?:byte|[248]byte|half|short|hword|word|long|int|dword|quad|octa|float|double|single|ascii|asciz|string|zero|space|skip|fill|incbin|[us]leb128)/;
const mostLinesAfter = 4;

/** Costs what those lines hold, whatever the length of the documents. */
export function roleOf(unit: readonly AssemblyDocument[], key: string): SymbolRole {
  let isGlobal = false;
  for (const { index } of unit) {
    for (const { line } of index.declarations(key)) {
      const type = /\.type\b.*[@%"](?:stt_)?(\w+)/i.exec(line.parsed.code)?.[1]?.toLowerCase();
      if (type === 'function' || type === 'func' || type === 'gnu_indirect_function') return 'function';
      if (type?.endsWith('object')) return 'object';
      isGlobal ||= /\.(?:globl|global|weak)\b/i.test(line.parsed.code);
    }
  }
  for (const document of unit) {
    const [definition] = document.index.definitions(key);
    if (!definition) continue;
    const { kind, name } = definition.occurrence;
    if (kind === 'constant') return 'constant';
    if (kind === 'common') return 'object';
    if (kind === 'macro' || kind === 'word') return 'macro';
    if (isBeforeData(document, definition)) return 'object';
    return isGlobal && !name.startsWith('.L') ? 'function' : 'label';
  }
  // What is defined in another source is mostly called.
  return 'function';
}

function isBeforeData(document: AssemblyDocument, { line, occurrence }: Found): boolean {
  for (let number = line.number; number <= line.number + mostLinesAfter; number++) {
    for (const statement of document.line(number)?.parsed.statements ?? []) {
      const operation = operationOf(statement);
      if (operation === undefined || (number === line.number && statement.end <= occurrence.end)) continue;
      if (dataDirective.test(operation)) return true;
      if (!operation.startsWith('.')) return false;
    }
  }
  return false;
}
