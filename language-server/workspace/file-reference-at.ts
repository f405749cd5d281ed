import type { Position } from 'vscode-languageserver';
import type { AssemblyDocument } from '../document/assembly-document';
import { referencesIn } from '../document/includes';
import type { Workspace } from './workspace';

/** The address of the file that is named at a position, where there is such a file. */
export function fileReferenceAt(workspace: Workspace, document: AssemblyDocument, { line, character }: Position): string | undefined {
  const found = document.line(line);
  const reference = found && referencesIn(found).find(({ start, end }) => start <= character && character <= end);
  return reference && workspace.resolveFile(document, reference.name);
}
