import type { AssemblyDocument } from '../document/assembly-document';
import { type OutlineKind, outlineOf } from '../document/outline';
import { operationOf } from '../document/parsed-line';
import { constantValue } from './constant-value';
import { definitionsOf, type NamePlace } from './names';
import { relativePlace } from './relative-place';
import type { Workspace } from './workspace';

/** What a name is, for people. */
export interface SymbolDescription {
  readonly definition: NamePlace;
  readonly kind: OutlineKind | 'local label' | 'numeric label' | 'macro parameter' | 'preprocessor macro';
  /** The comment lines before the definition, or behind it in its line. */
  readonly comment: string;
  /** The number that a constant is, where the source says it plainly. */
  readonly value: bigint | undefined;
}

export function describeSymbol(workspace: Workspace, place: NamePlace): SymbolDescription | undefined {
  const [definition] = definitionsOf(workspace, place);
  if (!definition) return undefined;
  const { document, line, occurrence } = definition;
  return {
    definition,
    kind: kindOf(definition),
    comment: commentOf(document, line.number),
    value: occurrence.kind === 'constant' ? constantValue(workspace, definition) : undefined,
  };
}

/** The kind with where it is: `function in fib.s, line 12`. */
export function placeText({ kind, definition }: SymbolDescription, from: AssemblyDocument): string {
  const { document, line } = definition;
  const where = document === from ? `line ${line.number + 1}` : `${relativePlace(from.uri, document.uri)}, line ${line.number + 1}`;
  return `${kind}, ${where}`;
}

function kindOf({ document, line, occurrence }: NamePlace): SymbolDescription['kind'] {
  switch (occurrence.kind) {
    case 'numeric':
      return 'numeric label';
    case 'argument':
      return 'macro parameter';
    case 'word':
      return 'preprocessor macro';
    case 'macro':
    case 'constant':
    case 'section':
      return occurrence.kind;
  }
  if (occurrence.name.startsWith('.L')) return 'local label';
  const items = outlineOf(document).flatMap((item) => [item, ...item.children]);
  return items.find((item) => item.line === line && item.name === occurrence.name)?.kind ?? 'label';
}

function commentOf(document: AssemblyDocument, number: number): string {
  const own = commentIn(document, number);
  if (own !== '') return own;
  const lines: string[] = [];
  for (let above = number - 1; above >= 0 && lines.length < 20; above--) {
    const line = document.line(above)!;
    const { statements, comments, isDirective } = line.parsed;
    const isDeclaration = statements.length > 0 && statements.every((each) => declarations.has(operationOf(each) ?? ''));
    if (isDirective || (statements.length > 0 && !isDeclaration)) break;
    if (comments.length === 0 && !isDeclaration) break;
    if (comments.length > 0 && statements.length === 0) lines.unshift(commentIn(document, above));
  }
  return lines.join('\n').trim();
}

const declarations: ReadonlySet<string> = new Set([
  ...['.globl', '.global', '.type', '.align', '.p2align', '.balign', '.weak', '.local', '.hidden', '.text', '.section'],
]);

function commentIn(document: AssemblyDocument, number: number): string {
  const { text, parsed } = document.line(number)!;
  return parsed.comments
    .map(({ start, end }) =>
      text
        .slice(start, end)
        .replace(/^\s*(?:#+|\/\/+|\/\*+|\*(?!\/))\s?|\s*\*+\/$/g, '')
        .trim(),
    )
    .join(' ');
}
