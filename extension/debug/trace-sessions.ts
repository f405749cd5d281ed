import * as vscode from 'vscode';
import type { TraceMarker } from '../../debug-adapter/trace-protocol';
import { boundToDocuments } from '../markers/follow-documents';
import { followTraced } from '../markers/follow-traced';
import type { Marker } from '../markers/marker';
import type { MarkerReports } from '../markers/marker-decorations';
import type { MarkerStore } from '../markers/marker-store';
import type { MarkerReport } from '../markers/marker-view';
import { debugType } from './configuration-provider';
import { TraceSession } from './trace-session';

/** How many sessions are remembered after their end, for their hits and traces. */
const endedKept = 4;

/** All debug sessions of ours: each with its own states of the markers. */
export class TraceSessions implements MarkerReports, vscode.DebugAdapterTrackerFactory, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly traced = new vscode.EventEmitter<TraceSession>();
  private readonly subscriptions: vscode.Disposable;
  /** The newest first. */
  private sessions: TraceSession[] = [];
  readonly onDidChange = this.changed.event;
  /** There may be more to read in the session's trace. */
  readonly onDidTrace = this.traced.event;

  constructor(private readonly store: MarkerStore) {
    this.subscriptions = vscode.Disposable.from(
      vscode.debug.registerDebugAdapterTrackerFactory(debugType, this),
      vscode.debug.onDidTerminateDebugSession(({ id }) => this.withId(id)?.end()),
      vscode.debug.onDidChangeActiveDebugSession(() => this.changed.fire()),
      store.onDidChange(() => this.sessions.forEach((session) => void session.sendMarkers().catch(tell))),
    );
  }

  /** The session that the user looks at, else the newest; none whose program could not be started. */
  get current(): TraceSession | undefined {
    return this.inOrder().find((session) => session.hasRun || !session.ended);
  }

  withId(id: string): TraceSession | undefined {
    return this.sessions.find((session) => session.id === id);
  }

  createDebugAdapterTracker(port: vscode.DebugSession): vscode.DebugAdapterTracker {
    const session = new TraceSession(
      port,
      () => traceMarkers(this.store),
      () => this.changed.fire(),
      (each) => this.traced.fire(each),
      (functions, each) =>
        this.store.change((markers) => {
          const uriOf = (path: string) => vscode.Uri.file(path).toString();
          return boundToDocuments(followTraced(markers, functions, (marker) => isOn(each, marker), uriOf));
        }),
    );
    const ended = this.sessions.filter((each) => each.hasRun && each.ended && each.program !== session.program).slice(0, endedKept);
    this.sessions = [session, ...this.sessions.filter((each) => !each.ended || ended.includes(each))];
    return { onDidSendMessage: (message) => void session.watch(message).catch(tell) };
  }

  reportsOf(marker: Marker): readonly MarkerReport[] {
    const source = vscode.Uri.parse(marker.uri).fsPath;
    return this.inOrder().flatMap((session) => {
      const status = session.statusOf({ function: marker.function, source });
      return status ? [{ session: session.name, ended: session.ended, ownFile: session.program === source, status }] : [];
    });
  }

  dispose(): void {
    this.subscriptions.dispose();
    this.changed.dispose();
    this.traced.dispose();
  }

  private inOrder(): TraceSession[] {
    const active = vscode.debug.activeDebugSession?.id;
    const rank = (session: TraceSession): number => (session.id === active ? 0 : session.ended ? 2 : 1);
    return [...this.sessions].sort((a, b) => rank(a) - rank(b));
  }
}

function isOn(session: TraceSession, { function: name, uri }: Marker): boolean {
  return session.statusOf({ function: name, source: vscode.Uri.parse(uri).fsPath })?.verified ?? false;
}

/** The markers as the adapter knows them. */
export function traceMarkers(store: MarkerStore): TraceMarker[] {
  return store.all.map(({ uri, function: name, line, stop }) => ({
    function: name,
    source: vscode.Uri.parse(uri).fsPath,
    line: line + 1,
    ...(stop && { stop }),
  }));
}

function tell(error: unknown): void {
  void vscode.window.showWarningMessage(`Tracing: ${error instanceof Error ? error.message : error}`);
}
