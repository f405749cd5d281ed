import type { AssemblyDocument } from '../document/assembly-document';
import { keyOf } from '../document/occurrence';
import { describeSymbol } from './describe-symbol';
import type { Workspace } from './workspace';

/** A macro of the sources, as its calls are written. */
export interface MacroHead {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly comment: string;
}

/** The macro of that name that a document knows. */
export function macroHead(workspace: Workspace, document: AssemblyDocument, name: string): MacroHead | undefined {
  const key = keyOf({ kind: 'macro', name });
  for (const member of workspace.unitOf(document)) {
    const [found] = member.index.definitions(key);
    if (!found) continue;
    const { line, occurrence } = found;
    const parameters = line.parsed.occurrences.filter(({ kind, role }) => kind === 'argument' && role === 'definition');
    const comment = describeSymbol(workspace, { document: member, line, occurrence })?.comment ?? '';
    return { name: occurrence.name, parameters: parameters.map((each) => each.name), comment };
  }
  return undefined;
}
