import type { Position, Range, SelectionRange } from 'vscode-languageserver';
import type { AssemblyDocument } from '../document/assembly-document';
import { operandSlots } from '../document/operand-slots';
import { outlineOf } from '../document/outline';
import { tokenAt } from '../document/token-at';

/** From the word outwards: operand, all operands, statement, line, label's block, function, document. */
export function selectionRange(document: AssemblyDocument, position: Position): SelectionRange {
  const ranges = rangesAround(document, document.clamp(position));
  return ranges.reduceRight<SelectionRange | undefined>((parent, range) => ({ range, ...(parent && { parent }) }), undefined)!;
}

/** From the smallest to the largest, each larger than the one before and around it. */
function rangesAround(document: AssemblyDocument, position: Position): Range[] {
  const { line: number } = position;
  const line = document.line(number)!;
  const inLine = (start: number, end: number): Range => ({
    start: { line: number, character: start },
    end: { line: number, character: end },
  });
  const ranges: Range[] = [];
  const place = tokenAt(line, position.character);
  if (place) {
    const { token, statement, operand } = place;
    const { operands, start, end } = statement;
    ranges.push(inLine(token.column - 1, token.column - 1 + token.length));
    const slot = operandSlots(operands, 0, 0)[operand]?.tokens;
    if (slot?.[0]) ranges.push(inLine(slot[0].column - 1, endOf(slot)));
    if (operand >= 0) ranges.push(inLine(operands[0]!.column - 1, endOf(operands)));
    ranges.push(inLine(start - 1, end - 1));
  }
  const comment = line.parsed.comments.find(({ start, end }) => start <= position.character && position.character <= end);
  if (comment) ranges.push(inLine(comment.start, comment.end));
  const indent = line.text.length - line.text.trimStart().length;
  ranges.push(inLine(indent, line.text.trimEnd().length), inLine(0, line.text.length));
  const around = outlineOf(document)
    .flatMap((item) => [item, ...item.children])
    .filter(({ kind, start, end }) => kind !== 'section' && start <= number && number <= end)
    .sort((left, right) => left.end - left.start - (right.end - right.start));
  for (const { start, end } of around) {
    ranges.push({ start: { line: start, character: 0 }, end: { line: end, character: document.line(end)!.text.length } });
  }
  ranges.push(document.wholeRange);
  return ranges.filter((range, index) => contains(range, position) && ranges.slice(0, index).every((inner) => isAround(range, inner)));
}

function endOf(tokens: readonly { readonly column: number; readonly length: number }[]): number {
  const last = tokens.at(-1)!;
  return last.column - 1 + last.length;
}

function contains({ start, end }: Range, position: Position): boolean {
  return compare(start, position) <= 0 && compare(position, end) <= 0;
}

function isAround(outer: Range, inner: Range): boolean {
  const startsBefore = compare(outer.start, inner.start);
  const endsAfter = compare(inner.end, outer.end);
  return startsBefore <= 0 && endsAfter <= 0 && (startsBefore < 0 || endsAfter < 0);
}

function compare(left: Position, right: Position): number {
  return left.line - right.line || left.character - right.character;
}
