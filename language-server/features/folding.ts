import { type FoldingRange, FoldingRangeKind } from 'vscode-languageserver';
import type { AssemblyDocument } from '../document/assembly-document';
import { outlineOf } from '../document/outline';
import { operationOf } from '../document/parsed-line';

const openers: Readonly<Record<string, string>> = {
  '.macro': '.endm',
  '.rept': '.endr',
  '.irp': '.endr',
  '.irpc': '.endr',
};
const isCondition = (operation: string) => /^\.if/.test(operation);

/** Functions, macros, repetitions, conditionals, comments of several lines, and `#region`. */
export function foldingRanges(document: AssemblyDocument): FoldingRange[] {
  const ranges: FoldingRange[] = [];
  const add = (start: number, end: number, kind?: FoldingRange['kind']) => {
    if (end > start) ranges.push({ startLine: start, endLine: end, ...(kind && { kind }) });
  };
  for (const item of outlineOf(document)) {
    if (item.kind === 'function') add(item.start, lastWithText(document, item.start, item.end));
  }
  addBlocks(document, add);
  addComments(document, add);
  return ranges.sort((left, right) => left.startLine - right.startLine || right.endLine - left.endLine);
}

type Add = (start: number, end: number, kind?: FoldingRange['kind']) => void;

function addBlocks(document: AssemblyDocument, add: Add): void {
  const open: { readonly closer: string; readonly line: number }[] = [];
  const close = (closer: string, line: number, end: number) => {
    const at = open.findLastIndex((each) => each.closer === closer);
    if (at < 0) return;
    add(open[at]!.line, end);
    open.length = at;
    if (end === line - 1) open.push({ closer, line });
  };
  for (const { parsed, number } of document.lines) {
    if (parsed.isDirective) {
      const word = /^\s*#\s*(\w+)/.exec(parsed.code)?.[1] ?? '';
      if (/^if(?:n?def)?$/.test(word)) open.push({ closer: '#endif', line: number });
      else if (/^el/.test(word)) close('#endif', number, number - 1);
      else if (word === 'endif') close('#endif', number, number);
    }
    for (const statement of parsed.statements) {
      const operation = operationOf(statement) ?? '';
      const closer = openers[operation];
      if (closer) open.push({ closer, line: number });
      else if (isCondition(operation)) open.push({ closer: '.endif', line: number });
      else if (operation === '.else' || operation === '.elseif') close('.endif', number, number - 1);
      else if (operation === '.endif' || operation === '.endm' || operation === '.endr') close(operation, number, number);
    }
  }
}

function addComments(document: AssemblyDocument, add: Add): void {
  const regions: number[] = [];
  let start: number | undefined;
  for (const { parsed, number, text } of [...document.lines]) {
    const region = /(?:#|\/\/)\s*(#?region|#?endregion)\b/.exec(text)?.[1];
    if (region?.endsWith('endregion')) {
      const from = regions.pop();
      if (from !== undefined) add(from, number, FoldingRangeKind.Region);
    } else if (region) regions.push(number);
    const isComment = parsed.comments.length > 0 && parsed.code.trim() === '' && !region;
    if (isComment) start ??= number;
    else if (start !== undefined) {
      add(start, number - 1, FoldingRangeKind.Comment);
      start = undefined;
    }
  }
  if (start !== undefined) add(start, document.lines.length - 1, FoldingRangeKind.Comment);
}

/** The last line that is not blank. */
function lastWithText(document: AssemblyDocument, start: number, end: number): number {
  let last = end;
  while (last > start && document.line(last)!.parsed.code.trim() === '') last--;
  return last;
}
