import * as vscode from 'vscode';
import { AdapterWorker } from '../../debug-adapter/adapter-worker';

/** Milliseconds after which an adapter that was started ahead, and that no session took, is ended. */
const patience = 30_000;

/** Starts the debug adapter of each session in a worker, so that the editor never waits for the guest. */
export class AdapterFactory implements vscode.DebugAdapterDescriptorFactory, vscode.Disposable {
  private ahead: { readonly adapter: InlineAdapter; readonly end: NodeJS.Timeout } | undefined;

  constructor(private readonly extensionUri: vscode.Uri) {}

  /** Starts the next session's adapter while VS Code is still on its way to the session: its code is read meanwhile. */
  startAhead(): void {
    if (this.ahead) return;
    this.ahead = { adapter: this.start(), end: setTimeout(() => this.dispose(), patience) };
  }

  createDebugAdapterDescriptor(): vscode.DebugAdapterDescriptor {
    const adapter = this.ahead?.adapter ?? this.start();
    clearTimeout(this.ahead?.end);
    this.ahead = undefined;
    return new vscode.DebugAdapterInlineImplementation(adapter);
  }

  dispose(): void {
    clearTimeout(this.ahead?.end);
    this.ahead?.adapter.dispose();
    this.ahead = undefined;
  }

  private start(): InlineAdapter {
    return new InlineAdapter(vscode.Uri.joinPath(this.extensionUri, 'dist/debug-adapter.js').fsPath);
  }
}

class InlineAdapter implements vscode.DebugAdapter {
  private readonly messages = new vscode.EventEmitter<vscode.DebugProtocolMessage>();
  private readonly worker: AdapterWorker;
  readonly onDidSendMessage = this.messages.event;

  constructor(script: string) {
    this.worker = new AdapterWorker(script, (message) => this.messages.fire(message));
  }

  handleMessage(message: vscode.DebugProtocolMessage): void {
    this.worker.send(message as Parameters<AdapterWorker['send']>[0]);
  }

  dispose(): void {
    this.worker.dispose();
    this.messages.dispose();
  }
}
