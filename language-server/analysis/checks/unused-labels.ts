import type { AssemblyDocument } from '../../document/assembly-document';
import { keyOf } from '../../document/occurrence';
import type { Workspace } from '../../workspace/workspace';
import type { Finding } from '../finding';

/** Labels that compilers put where something begins or ends. */
const madeByCompiler = /^(?:\.L|L\d|\$|_GLOBAL_)/;

/** A label that only this source knows is referred to. */
export function checkUnusedLabels(workspace: Workspace, document: AssemblyDocument): Finding[] {
  const unit = workspace.unitOf(document);
  return document.lines.flatMap((line) =>
    line.parsed.occurrences.flatMap((occurrence): Finding[] => {
      const { kind, role, name, start, end } = occurrence;
      if (kind !== 'label' || role !== 'definition' || madeByCompiler.test(name) || name === '_start' || name === 'main') return [];
      const key = keyOf(occurrence);
      const isUsed = unit.some(({ index }) => index.isDeclared(key) || index.isReferenced(key));
      if (isUsed) return [];
      const message = `nothing refers to '${name}', and it is not global`;
      return [{ code: 'unused-label', line, start, end, message, isUnnecessary: true }];
    }),
  );
}
