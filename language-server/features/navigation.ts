import type { DocumentHighlight, Location, Position } from 'vscode-languageserver';
import type { AssemblyDocument } from '../document/assembly-document';
import { functionAround } from '../document/outline';
import { operationOf } from '../document/parsed-line';
import { tokenAt } from '../document/token-at';
import { isInstruction } from '../knowledge/instructions';
import { registerNamed } from '../knowledge/registers';
import { fileReferenceAt } from '../workspace/file-reference-at';
import { declarationsOf, definitionsOf, locationOf, nameAt, placesOf, rangeOf } from '../workspace/names';
import type { Workspace } from '../workspace/workspace';

const startOfFile = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** Where the name at a position is defined; of the name of a file, that file. */
export function definition(workspace: Workspace, document: AssemblyDocument, position: Position): Location[] {
  const file = fileReferenceAt(workspace, document, position);
  if (file) return [{ uri: file, range: startOfFile }];
  const place = nameAt(document, position);
  return place ? definitionsOf(workspace, place).map(locationOf) : [];
}

/** Where it is declared (`.globl`, `.type`); without a declaration, where it is defined. */
export function declaration(workspace: Workspace, document: AssemblyDocument, position: Position): Location[] {
  const place = nameAt(document, position);
  const declarations = place ? declarationsOf(workspace, place).map(locationOf) : [];
  return declarations.length > 0 ? declarations : definition(workspace, document, position);
}

export function references(workspace: Workspace, document: AssemblyDocument, position: Position, withDeclaration: boolean): Location[] {
  const place = nameAt(document, position);
  if (!place) return [];
  return placesOf(workspace, place)
    .filter(({ occurrence }) => withDeclaration || occurrence.role === 'reference')
    .map(locationOf);
}

/** A name wherever it stands in the document; a register, by any of its names, wherever it stands in the function. */
export function documentHighlight(workspace: Workspace, document: AssemblyDocument, position: Position): DocumentHighlight[] {
  const place = nameAt(document, position);
  if (place) {
    return placesOf(workspace, place)
      .filter((each) => each.document === document)
      .map((each) => ({ range: rangeOf(each), kind: each.occurrence.role === 'reference' ? 2 : 3 }));
  }
  return registerHighlight(document, position);
}

function registerHighlight(document: AssemblyDocument, position: Position): DocumentHighlight[] {
  const line = document.line(position.line);
  const word = line && tokenAt(line, position.character);
  const register = word?.operand !== undefined && word.operand >= 0 ? registerNamed(word.token.text) : undefined;
  if (!register || word?.token.kind !== 'name') return [];
  const around = functionAround(document, position.line) ?? { start: position.line, end: position.line };
  const highlights: DocumentHighlight[] = [];
  for (let number = around.start; number <= around.end; number++) {
    for (const statement of document.line(number)!.parsed.statements) {
      if (!isInstruction(operationOf(statement) ?? '')) continue;
      for (const token of statement.operands) {
        if (token.kind !== 'name' || registerNamed(token.text) !== register) continue;
        const start = { line: number, character: token.column - 1 };
        highlights.push({ range: { start, end: { line: number, character: start.character + token.length } }, kind: 1 });
      }
    }
  }
  return highlights;
}
