import { type Diagnostic, DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver';
import type { Isa } from '../../riscv/isa-string';
import type { CheckCode } from '../analysis/finding';
import type { AssemblyDocument } from '../document/assembly-document';
import type { DocumentLine } from '../document/document-line';
import type { LineProblem } from '../document/line-problem';
import type { Settings, Severity } from '../settings';
import type { Workspace } from '../workspace/workspace';
import { checkDocument, type ProblemsByLine } from './check-document';
import { checkLine } from './check-line';

/** Documents of more lines are checked as a whole in the background, and line by line until then. */
export const mostLinesAtOnce = 2000;

export interface DiagnosticsOptions {
  readonly isa: Isa;
  readonly settings: Settings;
  /** The address of the folder with a page for each check. */
  readonly documentation: string | undefined;
}

/**
 * What is wrong in a document now. A short one is checked whole. Of a long one each line keeps what the last whole check found in
 * it, and lines that are new since then are checked by themselves.
 */
export function diagnosticsOf(workspace: Workspace, document: AssemblyDocument, options: DiagnosticsOptions): Diagnostic[] {
  if (document.lines.length <= mostLinesAtOnce) keepProblems(document, checkDocument(workspace, document, options.isa));
  const unit = workspace.unitOf(document);
  const lines = linesWithProblems.get(document) ?? new Set();
  // What was just opened or pasted is left to the whole check: line by line it would take longer than that.
  const recent = document.newLines.size > mostLinesAtOnce ? [] : document.newLines;
  for (const line of recent) {
    line.problems ??= checkLine(unit, line, options.isa);
    if (line.problems.length > 0) lines.add(line);
  }
  const found: Diagnostic[] = [];
  for (const line of [...lines].sort((left, right) => left.number - right.number)) {
    if (document.line(line.number) !== line) lines.delete(line);
    else for (const problem of line.problems ?? none) found.push(...diagnosticOf(document, line, problem, options));
  }
  linesWithProblems.set(document, lines);
  return found;
}

/** The lines where something is wrong, so that an answer costs what is wrong and not what is long. */
const linesWithProblems = new WeakMap<AssemblyDocument, Set<DocumentLine>>();

/** Gives each line what a check of the whole document found in it; `lines` are those that were checked, some may be gone by now. */
export function keepProblems(document: AssemblyDocument, problems: ProblemsByLine, lines: readonly DocumentLine[] = document.lines): void {
  const wrong = new Set<DocumentLine>();
  for (const [number, line] of lines.entries()) {
    line.problems = problems.get(number) ?? none;
    document.newLines.delete(line);
    if (line.problems.length > 0) wrong.add(line);
  }
  linesWithProblems.set(document, wrong);
}

const none: readonly LineProblem[] = [];

function diagnosticOf(
  document: AssemblyDocument,
  line: DocumentLine,
  { start, end, message, origin }: LineProblem,
  { settings, documentation }: DiagnosticsOptions,
): Diagnostic[] {
  const { number } = line;
  const range = { start: document.clamp({ line: number, character: start }), end: document.clamp({ line: number, character: end }) };
  const common = { range, source: 'riscv-ftrace', message };
  if (typeof origin === 'string') return [{ ...common, severity: ofAssembler[origin] }];
  const severity = bySetting[settings.checks[origin.check as CheckCode]];
  if (severity === undefined) return [];
  return [
    {
      ...common,
      severity,
      code: origin.check,
      ...(documentation !== undefined && { codeDescription: { href: `${documentation}/${origin.check}.md` } }),
      ...(origin.isUnnecessary && { tags: [DiagnosticTag.Unnecessary] }),
    },
  ];
}

const ofAssembler = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  note: DiagnosticSeverity.Information,
  undefined: DiagnosticSeverity.Information,
} as const;

const bySetting: Readonly<Record<Severity, DiagnosticSeverity | undefined>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
  off: undefined,
};
