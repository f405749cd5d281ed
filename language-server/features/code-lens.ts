import type { CodeLens } from 'vscode-languageserver';
import type { AssemblyDocument } from '../document/assembly-document';
import { functionsOf } from '../document/outline';
import { locationOf, nameAt, placesOf, rangeOf } from '../workspace/names';
import type { Workspace } from '../workspace/workspace';

interface LensData {
  readonly uri: string;
}

/** One lens over each function; how many refer to it is found when the lens comes into view. */
export function codeLenses(document: AssemblyDocument): CodeLens[] {
  return functionsOf(document).map((item) => ({ range: rangeOf(item), data: { uri: document.uri } satisfies LensData }));
}

/** `showReferences` is the client's command that takes an address, a position and locations, where it has one. */
export function resolveCodeLens(workspace: Workspace, lens: CodeLens, showReferences: string | undefined): CodeLens {
  const { uri } = (lens.data ?? {}) as Partial<LensData>;
  const document = uri === undefined ? undefined : workspace.document(uri);
  const place = document && nameAt(document, lens.range.start);
  if (!document || !place) return { ...lens, command: { title: '', command: '' } };
  const locations = placesOf(workspace, place)
    .filter(({ occurrence }) => occurrence.role === 'reference')
    .map(locationOf);
  const title = locations.length === 1 ? '1 reference' : `${locations.length} references`;
  const isClickable = showReferences !== undefined && locations.length > 0;
  return {
    ...lens,
    command: isClickable
      ? { title, command: showReferences, arguments: [document.uri, lens.range.start, locations] }
      : { title, command: '' },
  };
}
