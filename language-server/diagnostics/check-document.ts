import { assemble } from '../../program/assembler/assemble';
import type { Isa } from '../../riscv/isa-string';
import { analyze } from '../analysis/analyze';
import type { AssemblyDocument } from '../document/assembly-document';
import type { LineProblem } from '../document/line-problem';
import { pathOf, uriOf } from '../workspace/uri';
import type { Workspace } from '../workspace/workspace';
import { checkLine } from './check-line';

/** Problems by the number of their line, from 0. */
export type ProblemsByLine = ReadonlyMap<number, readonly LineProblem[]>;

/** Everything that is wrong in a document: what the assembler says, and what the checks find. Costs what the whole document does. */
export function checkDocument(workspace: Workspace, document: AssemblyDocument, isa: Isa): ProblemsByLine {
  const problems = new Map<number, LineProblem[]>();
  const add = (line: number, problem: LineProblem) => {
    const others = problems.get(line);
    if (others) others.push(problem);
    else problems.set(line, [problem]);
  };
  const root = rootOf(workspace, document);
  if (root) assembleDocument(workspace, document, root, isa, add);
  else for (const line of document.lines) for (const problem of checkLine([document], line, isa)) add(line.number, problem);
  for (const { code, line, start, end, message, isUnnecessary } of analyze(workspace, document)) {
    add(line.number, { start, end, message, origin: { check: code, isUnnecessary: isUnnecessary ?? false } });
  }
  return problems;
}

/** Assembles `root`, which is the document or includes it, and takes what is said of the document. */
function assembleDocument(
  workspace: Workspace,
  document: AssemblyDocument,
  root: AssemblyDocument,
  isa: Isa,
  add: (line: number, problem: LineProblem) => void,
): void {
  const path = pathOf(document.uri);
  const readFile = (name: string) => workspace.bytesOf(uriOf(name));
  const { diagnostics } = assemble([{ path: pathOf(root.uri), text: root.text }], { isa, readFile });
  // A source without a start is a part of a program, whose other parts may be in C.
  const isWhole = root.index.isDefined('_start');
  for (const { path: where, severity, line, column, length, message } of diagnostics) {
    const missing = /^undefined symbol '([^']+)'/.exec(message)?.[1];
    if (where !== path || line === 0 || (missing !== undefined && isDefinedElsewhere(workspace, document, missing))) continue;
    const origin = missing !== undefined && !isWhole ? 'undefined' : severity;
    add(line - 1, { start: column - 1, end: column - 1 + length, message, origin });
  }
}

/**
 * A part of another source is assembled where that includes it, with what stands before it there. Undefined for a part that nothing
 * includes, of which only each line can be looked at by itself.
 */
function rootOf(workspace: Workspace, document: AssemblyDocument): AssemblyDocument | undefined {
  const seen = new Set([document]);
  for (const member of seen) {
    const [includer] = workspace.includersOf(member);
    if (!includer) return member === document && document.uri.endsWith('.inc') ? undefined : member;
    if (seen.has(includer)) return undefined;
    seen.add(includer);
  }
  return undefined;
}

/** A symbol that another source defines is found when both are linked. */
function isDefinedElsewhere(workspace: Workspace, document: AssemblyDocument, name: string): boolean {
  for (const other of workspace.documents) {
    if (other !== document && other.index.isDefined(name) && other.index.isDeclared(name)) return true;
  }
  return false;
}
