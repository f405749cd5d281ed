import type { LinkedEditingRanges, Position } from 'vscode-languageserver';
import type { AssemblyDocument } from '../document/assembly-document';
import { nameAt, placesOf, rangeOf } from '../workspace/names';
import type { Workspace } from '../workspace/workspace';

/** More places than this are renamed by asking, not at each keystroke. */
const mostLinked = 500;

/**
 * The places that change together while a name is typed over: those of a label, a constant or a parameter that only this document
 * knows. Only at a definition, so that a reference can be made to mean another symbol.
 */
export function linkedEditingRanges(workspace: Workspace, document: AssemblyDocument, position: Position): LinkedEditingRanges | undefined {
  const place = nameAt(document, position);
  if (place?.occurrence.role !== 'definition' || place.occurrence.kind === 'numeric') return undefined;
  const places = placesOf(workspace, place);
  if (places.length > mostLinked || places.some((each) => each.document !== document)) return undefined;
  return { ranges: places.map(rangeOf), wordPattern: '[A-Za-z_.$][\\w.$]*' };
}
