import { assembleLine } from '../../program/assembler/assemble-line';
import type { Isa } from '../../riscv/isa-string';
import type { AssemblyDocument } from '../document/assembly-document';
import type { DocumentLine } from '../document/document-line';
import type { LineProblem } from '../document/line-problem';
import { keyOf } from '../document/occurrence';

/** What is wrong with a line whatever the others say, and names that are defined twice. Costs what the line does. */
export function checkLine(unit: readonly AssemblyDocument[], line: DocumentLine, isa: Isa): readonly LineProblem[] {
  const { parsed } = line;
  // What a macro makes of a line is seen where it is called.
  if (parsed.isDirective || parsed.statements.length === 0 || parsed.code.includes('\\')) return [];
  const callsMacro = parsed.occurrences.some(
    ({ kind, role, name }) =>
      kind === 'macro' && role === 'reference' && unit.some(({ index }) => index.isDefined(keyOf({ kind: 'macro', name }))),
  );
  const problems: LineProblem[] = callsMacro
    ? []
    : assembleLine(parsed.code, { isa }).diagnostics.map(({ column, length, message, severity }) => ({
        start: column - 1,
        end: column - 1 + length,
        message,
        origin: severity,
      }));
  return [...problems, ...definedTwice(unit, line)];
}

function definedTwice(unit: readonly AssemblyDocument[], line: DocumentLine): LineProblem[] {
  return line.parsed.occurrences.flatMap(({ kind, role, name, start, end }) => {
    if (kind !== 'label' || role !== 'definition') return [];
    const others = unit
      .flatMap(({ index }) => index.definitions(name))
      .filter((each) => each.line !== line && each.occurrence.kind === 'label');
    const first = others.find((each) => each.line.number < line.number);
    if (!first) return [];
    return [{ start, end, message: `'${name}' is already defined in line ${first.line.number + 1}`, origin: 'error' as const }];
  });
}
