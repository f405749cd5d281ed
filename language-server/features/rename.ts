import type { Position, Range, WorkspaceEdit } from 'vscode-languageserver';
import { csrNumber } from '../../riscv/csrs';
import type { AssemblyDocument } from '../document/assembly-document';
import { keyOf } from '../document/occurrence';
import { isInstruction } from '../knowledge/instructions';
import { registerNamed } from '../knowledge/registers';
import { type NamePlace, nameAt, placesOf, rangeOf } from '../workspace/names';
import type { Workspace } from '../workspace/workspace';

/** Why a name cannot be changed so, in a sentence for people. */
export class RenameError extends Error {}

/** The range of the name at a position, if it can be renamed. Throws RenameError. */
export function prepareRename(workspace: Workspace, document: AssemblyDocument, position: Position): Range {
  return rangeOf(renamable(workspace, document, position));
}

/** Changes a name everywhere it means the same. Throws RenameError where the new one is taken, or is no name. */
export function rename(workspace: Workspace, document: AssemblyDocument, position: Position, newName: string): WorkspaceEdit {
  const place = renamable(workspace, document, position);
  checkName(workspace, place, newName);
  const changes: Record<string, { range: Range; newText: string }[]> = {};
  for (const each of placesOf(workspace, place)) {
    const newText = each.occurrence.direction ? newName + each.occurrence.direction : newName;
    const edits = changes[each.document.uri] ?? [];
    edits.push({ range: rangeOf(each), newText });
    changes[each.document.uri] = edits;
  }
  return { changes };
}

function renamable(workspace: Workspace, document: AssemblyDocument, position: Position): NamePlace {
  const place = nameAt(document, position);
  if (!place) throw new RenameError('There is no symbol here that can be renamed.');
  const { occurrence } = place;
  if (occurrence.kind === 'section')
    throw new RenameError(`'${occurrence.name}' is a section: its name says what the linker does with it.`);
  const isKnown = placesOf(workspace, place).some(({ occurrence: each }) => each.role === 'definition');
  if (!isKnown) throw new RenameError(`'${occurrence.name}' is not defined in these sources.`);
  return place;
}

function checkName(workspace: Workspace, { document, occurrence }: NamePlace, name: string): void {
  if (occurrence.kind === 'numeric') {
    if (!/^\d{1,9}$/.test(name)) throw new RenameError(`'${name}' is not a number: '${occurrence.name}' is a numeric label.`);
    return;
  }
  if (!/^[A-Za-z_.$\u0080-\uffff][\w.$\u0080-\uffff]*$/.test(name)) throw new RenameError(`'${name}' is not a name of GNU as.`);
  if (occurrence.kind === 'argument') return;
  if (occurrence.kind === 'macro' ? isInstruction(name.toLowerCase()) : registerNamed(name) || csrNumber(name) !== undefined) {
    throw new RenameError(
      `'${name}' is the name of ${registerNamed(name) ? 'a register' : occurrence.kind === 'macro' ? 'an instruction' : 'a CSR'}.`,
    );
  }
  const key = keyOf({ kind: occurrence.kind, name });
  if (key === keyOf(occurrence)) return;
  const taken = workspace.unitOf(document).find(({ index }) => index.isDefined(key));
  if (taken) throw new RenameError(`'${name}' is already defined in line ${taken.index.definitions(key)[0]!.line.number + 1}.`);
}
