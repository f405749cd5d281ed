import * as vscode from 'vscode';
import type { TraceSession } from '../debug/trace-session';
import type { TraceSessions } from '../debug/trace-sessions';
import { TraceLog } from './trace-log';

export const traceScheme = 'riscv-ftrace';

/** Lines of a trace in its document, and milliseconds between two looks at a trace that grows. */
const linesShown = 2000;
const interval = 250;

/** The live traces as read-only documents, one for each session: `riscv-ftrace:/fib.s.ftrace?SESSION`. */
export class TraceDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly subscriptions: vscode.Disposable;
  private readonly logs = new Map<string, LogEntry>();
  private readonly lineCounts = new WeakMap<vscode.TextDocument, number>();
  readonly onDidChange = this.changed.event;

  constructor(private readonly sessions: TraceSessions) {
    this.subscriptions = vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(traceScheme, this),
      sessions.onDidTrace((session) => this.schedule(session)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.followEnd(document)),
    );
  }

  /** Opens the trace of the session that the user looks at beside the editor. */
  async show(): Promise<void> {
    const session = this.sessions.current;
    if (!session) {
      void vscode.window.showInformationMessage('There is no trace yet: mark a function and start debugging.');
      return;
    }
    await this.update(session);
    const document = await vscode.workspace.openTextDocument(uriOf(session));
    const editor = await vscode.window.showTextDocument(document, {
      viewColumn: vscode.ViewColumn.Beside,
      preserveFocus: true,
      preview: false,
    });
    reveal(editor);
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.logs.get(uri.query)?.log.text() ?? '# The session of this trace is over.\n';
  }

  dispose(): void {
    for (const { timer } of this.logs.values()) clearTimeout(timer);
    this.subscriptions.dispose();
    this.changed.dispose();
  }

  /** A trace that ends is read at once, while its session still answers; one that grows, some times a second. */
  private schedule(session: TraceSession): void {
    const entry = this.entryOf(session);
    if (session.ending) {
      clearTimeout(entry.timer);
      void this.update(session);
    } else {
      entry.timer ??= setTimeout(() => {
        delete entry.timer;
        void this.update(session);
      }, interval);
    }
  }

  private update(session: TraceSession): Promise<void> {
    const entry = this.entryOf(session);
    entry.updating = entry.updating.then(async () => {
      const isNew = await entry.log.update((from, limit) => session.readTrace(from, limit)).catch(() => false);
      if (isNew) this.changed.fire(uriOf(session));
    });
    return entry.updating;
  }

  /** An editor that showed the end of its trace goes on showing it. */
  private followEnd(document: vscode.TextDocument): void {
    if (document.uri.scheme !== traceScheme) return;
    const before = this.lineCounts.get(document) ?? 0;
    this.lineCounts.set(document, document.lineCount);
    for (const editor of vscode.window.visibleTextEditors) {
      const lastVisible = editor.visibleRanges.at(-1)?.end.line ?? 0;
      if (editor.document === document && lastVisible >= before - 2) reveal(editor);
    }
  }

  private entryOf(session: TraceSession): LogEntry {
    const known = this.logs.get(session.id);
    if (known) return known;
    for (const id of this.logs.keys()) if (!this.sessions.withId(id)) this.logs.delete(id);
    const entry: LogEntry = { log: new TraceLog(linesShown), updating: Promise.resolve() };
    this.logs.set(session.id, entry);
    return entry;
  }
}

interface LogEntry {
  readonly log: TraceLog;
  /** Resolves when the update under way is done. */
  updating: Promise<void>;
  timer?: NodeJS.Timeout;
}

function uriOf(session: TraceSession): vscode.Uri {
  const name = session.program.split(/[\\/]/).at(-1) ?? 'trace';
  return vscode.Uri.from({ scheme: traceScheme, path: `/${name}.ftrace`, query: session.id });
}

function reveal(editor: vscode.TextEditor): void {
  editor.revealRange(editor.document.lineAt(editor.document.lineCount - 1).range);
}
