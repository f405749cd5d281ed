import * as vscode from 'vscode';
import type { TraceSession } from '../debug/trace-session';
import type { TraceSessions } from '../debug/trace-sessions';
import { EndFollower } from './end-follower';
import { Pacer } from './pacer';
import { traceText } from './trace-text';

export const traceScheme = 'riscv-ftrace';

/** Lines of a trace in its document. */
const linesShown = 2000;
/** Milliseconds between two looks at a trace that grows, and those that the editor may take to show the new text. */
const interval = 250;
const longestLanding = 2000;

/** The live traces as read-only documents, one for each session: `riscv-ftrace:/fib.s.ftrace?SESSION`. */
export class TraceDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly subscriptions: vscode.Disposable;
  private readonly feeds = new Map<string, Feed>();
  private readonly follower = new EndFollower();
  readonly onDidChange = this.changed.event;

  constructor(private readonly sessions: TraceSessions) {
    this.subscriptions = vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(traceScheme, this),
      sessions.onDidTrace((session) => {
        // A trace that nobody looks at is read at its end only, for who opens it later.
        if (session.ending || documentOf(session)) this.feedOf(session).pacer.request(session.ending);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.followEnd(document)),
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => this.scrolled(textEditor)),
    );
  }

  /** Opens the trace of the session that the user looks at beside the editor. */
  async show(): Promise<void> {
    const session = this.sessions.current;
    if (!session) {
      void vscode.window.showInformationMessage('There is no trace yet: mark a function and start debugging.');
      return;
    }
    await this.read(session);
    const document = await vscode.workspace.openTextDocument(uriOf(session));
    const editor = await vscode.window.showTextDocument(document, {
      viewColumn: vscode.ViewColumn.Beside,
      preserveFocus: true,
      preview: false,
    });
    this.follower.follow(document.uri.toString());
    reveal(editor);
    this.feedOf(session).pacer.request(false);
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.feeds.get(uri.query)?.text ?? '# The session of this trace is over.\n';
  }

  dispose(): void {
    this.subscriptions.dispose();
    this.changed.dispose();
  }

  private feedOf(session: TraceSession): Feed {
    const known = this.feeds.get(session.id);
    if (known) return known;
    for (const id of this.feeds.keys()) if (!this.sessions.withId(id)) this.feeds.delete(id);
    const feed = { text: '', pacer: new Pacer(() => this.refresh(session), interval) };
    this.feeds.set(session.id, feed);
    return feed;
  }

  /** Reads what is new, hands it to the editor, and waits until it is there: the editor drops a text that the next one overtakes. */
  private async refresh(session: TraceSession): Promise<void> {
    const isNew = await this.read(session);
    const document = documentOf(session);
    // Who has scrolled up reads: the lines stay where they are until the end is looked at again.
    if (!document || !this.follower.isFollowing(document.uri.toString())) return;
    if (!isNew && document.getText() === this.feedOf(session).text) return;
    const landed = changeOf(uriOf(session));
    this.changed.fire(uriOf(session));
    await landed;
  }

  /** Reads the last lines, in one request as a session that ends answers no second one; true where they are new. */
  private async read(session: TraceSession): Promise<boolean> {
    const feed = this.feedOf(session);
    const part = await session.readTrace(-linesShown, linesShown).catch(() => undefined);
    const text = part ? traceText(part) : feed.text;
    if (text === feed.text) return false;
    feed.text = text;
    return true;
  }

  /** An editor that showed the end of its trace goes on showing it. */
  private followEnd(document: vscode.TextDocument): void {
    if (document.uri.scheme !== traceScheme) return;
    if (!this.follower.isFollowing(document.uri.toString())) return;
    for (const editor of vscode.window.visibleTextEditors) {
      const lastVisible = editor.visibleRanges.at(-1)?.end.line ?? 0;
      // A text of as many lines as before is at its end still; revealing it again would undo a scroll that is under way.
      if (editor.document === document && lastVisible < document.lineCount - 2) reveal(editor);
    }
  }

  private scrolled({ document, visibleRanges }: vscode.TextEditor): void {
    if (document.uri.scheme !== traceScheme) return;
    const [first, last] = [visibleRanges[0]?.start.line, visibleRanges.at(-1)?.end.line];
    if (first === undefined || last === undefined) return;
    const follows = this.follower.scrolled(document.uri.toString(), { first, last }, document.lineCount);
    const session = follows && this.sessions.withId(document.uri.query);
    if (session) this.feedOf(session).pacer.request(true);
  }
}

interface Feed {
  /** What the document shows. */
  text: string;
  readonly pacer: Pacer;
}

function uriOf(session: TraceSession): vscode.Uri {
  const name = session.program.split(/[\\/]/).at(-1) ?? 'trace';
  return vscode.Uri.from({ scheme: traceScheme, path: `/${name}.ftrace`, query: session.id });
}

function documentOf(session: TraceSession): vscode.TextDocument | undefined {
  const uri = uriOf(session).toString();
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri);
}

/** Resolves when that document changes, or when it takes too long. */
function changeOf(uri: vscode.Uri): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      subscription.dispose();
      resolve();
    };
    const timer = setTimeout(done, longestLanding);
    const subscription = vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document.uri.toString() === uri.toString()) done();
    });
  });
}

/** Shows the end of the last line, where the kernel's text has the function. */
function reveal(editor: vscode.TextEditor): void {
  const end = editor.document.lineAt(Math.max(editor.document.lineCount - 2, 0)).range.end;
  editor.revealRange(new vscode.Range(end, end));
}
