import type { DocumentLink } from 'vscode-languageserver';
import type { AssemblyDocument } from '../document/assembly-document';
import { fileReferences } from '../document/includes';
import type { Workspace } from '../workspace/workspace';

/** The files that `.include`, `.incbin` and `#include` name, where they exist. */
export function documentLinks(workspace: Workspace, document: AssemblyDocument): DocumentLink[] {
  return fileReferences(document).flatMap(({ line, name, start, end }) => {
    const target = workspace.resolveFile(document, name);
    if (target === undefined) return [];
    const range = { start: { line: line.number, character: start }, end: { line: line.number, character: end } };
    return [{ range, target }];
  });
}
