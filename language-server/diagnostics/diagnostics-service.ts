import type { Connection, Diagnostic } from 'vscode-languageserver';
import type { AssemblyDocument } from '../document/assembly-document';
import type { Settings } from '../settings';
import { isaOf } from '../workspace/line-code';
import type { Workspace } from '../workspace/workspace';
import type { BackgroundCheck } from './background-check';
import { diagnosticsOf, keepProblems, mostLinesAtOnce } from './diagnostics';

/** Milliseconds of rest after an edit before a short document is checked anew, and before a long one is checked whole. */
const rest = 100;
const longRest = 400;

/** Tells the client what is wrong in open documents: after edits, or when it asks. */
export class DiagnosticsService {
  /** Whether the client asks. */
  isPulled = false;
  /** Whether the client can be told that asking again is worth it. */
  canRefresh = false;
  private readonly publishing = new Map<string, NodeJS.Timeout>();
  private readonly checking = new Map<string, NodeJS.Timeout>();

  constructor(
    private readonly connection: Connection,
    private readonly workspace: Workspace,
    private readonly settings: () => Settings,
    private readonly background: BackgroundCheck,
    private readonly documentation: string | undefined,
  ) {}

  diagnosticsOf(uri: string): Diagnostic[] {
    const document = this.workspace.document(uri);
    const settings = this.settings();
    if (!document) return [];
    return diagnosticsOf(this.workspace, document, { isa: isaOf(settings.isa), settings, documentation: this.documentation });
  }

  documentChanged(uri: string): void {
    const document = this.workspace.document(uri);
    if (!document) return;
    const isLong = document.lines.length > mostLinesAtOnce;
    // Of a long document the answer is at hand.
    if (!this.isPulled) later(this.publishing, uri, isLong ? 0 : rest, () => this.publish(uri));
    if (isLong) later(this.checking, uri, longRest, () => void this.checkWhole(document));
  }

  documentClosed(uri: string): void {
    for (const timers of [this.publishing, this.checking]) {
      clearTimeout(timers.get(uri));
      timers.delete(uri);
    }
    if (!this.isPulled) void this.connection.sendDiagnostics({ uri, diagnostics: [] });
  }

  /** Another file, a folder or a setting is new: every open document may read differently. */
  everythingChanged(): void {
    for (const { uri } of this.workspace.openDocuments) this.documentChanged(uri);
    if (this.isPulled) this.refresh();
  }

  private refresh(): void {
    if (this.canRefresh) this.connection.languages.diagnostics.refresh();
  }

  private publish(uri: string): void {
    const document = this.workspace.document(uri);
    if (!document || !this.workspace.isOpen(uri)) return;
    void this.connection.sendDiagnostics({ uri, version: document.version, diagnostics: this.diagnosticsOf(uri) });
  }

  private async checkWhole(document: AssemblyDocument): Promise<void> {
    const { uri } = document;
    // What is edited meanwhile gets lines of its own; the others keep their identity.
    const lines = [...document.lines];
    const problems = await this.background.check(this.workspace, document, isaOf(this.settings().isa));
    if (!this.workspace.isOpen(uri) || this.workspace.document(uri) !== document) return;
    keepProblems(document, problems, lines);
    if (this.isPulled) this.refresh();
    else this.publish(uri);
  }
}

function later(timers: Map<string, NodeJS.Timeout>, key: string, milliseconds: number, action: () => void): void {
  clearTimeout(timers.get(key));
  const timer = setTimeout(() => {
    timers.delete(key);
    action();
  }, milliseconds);
  timers.set(key, timer);
}
