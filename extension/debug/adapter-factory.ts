import * as vscode from 'vscode';
import { AdapterWorker } from './adapter-worker';

/** Starts the debug adapter of each session in a worker, so that the editor never waits for the guest. */
export class AdapterFactory implements vscode.DebugAdapterDescriptorFactory {
  constructor(private readonly extensionUri: vscode.Uri) {}

  createDebugAdapterDescriptor(): vscode.DebugAdapterDescriptor {
    const script = vscode.Uri.joinPath(this.extensionUri, 'dist/debug-adapter-worker.js').fsPath;
    return new vscode.DebugAdapterInlineImplementation(new InlineAdapter(script));
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
