import * as vscode from 'vscode';
import type { TracefsArguments, TracefsResponseBody } from '../../debug-adapter/trace-protocol';
import { debugType } from '../debug/configuration-provider';
import { PipeText } from './pipe-text';

export const tracefsScheme = 'tracefs';
/** Nobody tells when a file of tracefs changes: an open one is looked at again this often, in milliseconds. */
const interval = 1000;
/** Records that one look takes of a pipe at most. */
const mostRecords = 5000;
/** Milliseconds that the editor may take to be done with a write. */
const landing = 100;
/** Files that cannot be read. */
const writeOnly: ReadonlySet<string> = new Set(['trace_marker', 'trace_marker_raw', 'free_buffer']);

/** tracefs of the session that is debugged as a file system, `tracefs:/set_ftrace_filter`. */
export class TracefsProvider implements vscode.FileSystemProvider {
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changed.event;
  private readonly pipes = new Map<string, PipeText>();
  private readonly times = new Map<string, { text: string; time: number }>();
  /** Files that were written and not asked about since, by what was written: the kernel makes another text of it. */
  private readonly written = new Map<string, { size: number; time: number }>();

  register(): vscode.Disposable {
    return vscode.Disposable.from(
      this.changed,
      vscode.debug.onDidTerminateDebugSession(({ id }) => this.forget(id)),
      vscode.workspace.registerFileSystemProvider(tracefsScheme, this, { isCaseSensitive: true }),
      vscode.commands.registerCommand('riscv-ftrace.openTracefs', () => this.open()),
    );
  }

  watch(uri: vscode.Uri): vscode.Disposable {
    const timer = setInterval(() => void this.look(uri), interval);
    return new vscode.Disposable(() => clearInterval(timer));
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { stat } = await this.ask(uri, 'stat');
    if (!stat) throw vscode.FileSystemError.FileNotFound(uri);
    const readonly = stat.isWritable ? {} : { permissions: vscode.FilePermission.Readonly };
    const written = this.written.get(uri.toString());
    // The editor takes the answer to its question after a write for its own text; then it hears that there is another.
    if (written) {
      this.written.delete(uri.toString());
      setTimeout(() => this.changed.fire([{ type: vscode.FileChangeType.Changed, uri }]), landing);
      return { type: vscode.FileType.File, ctime: 0, mtime: written.time, size: written.size, ...readonly };
    }
    if (stat.isDirectory) return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    const isPipe = isPipeAt(uri);
    const { text, time } = isPipe ? this.pipe(uri) : stat.isReadable ? await this.read(uri) : { text: '', time: 0 };
    return { type: vscode.FileType.File, ctime: 0, mtime: time, size: Buffer.byteLength(text), ...readonly };
  }

  async readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    const { entries = [] } = await this.ask(uri, 'list');
    return entries.map(({ name, isDirectory }) => [name, isDirectory ? vscode.FileType.Directory : vscode.FileType.File]);
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    if (!isPipeAt(uri)) return Buffer.from((await this.read(uri)).text);
    await this.drain(uri);
    return Buffer.from(this.pipe(uri).text);
  }

  async writeFile(uri: vscode.Uri, bytes: Uint8Array): Promise<void> {
    await this.ask(uri, 'write', { content: Buffer.from(bytes).toString() });
    this.written.set(uri.toString(), { size: bytes.length, time: Date.now() });
  }

  async createDirectory(uri: vscode.Uri): Promise<void> {
    await this.ask(uri, 'mkdir');
  }

  async delete(uri: vscode.Uri): Promise<void> {
    await this.ask(uri, 'rmdir');
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  /** The pipes of a session that has ended are no more. */
  private forget(session: string): void {
    for (const key of this.pipes.keys()) if (key.startsWith(`${session} `)) this.pipes.delete(key);
  }

  private pipe(uri: vscode.Uri): PipeText {
    const key = keyOf(uri);
    const known = this.pipes.get(key) ?? new PipeText();
    this.pipes.set(key, known);
    return known;
  }

  /** Takes what has come to a pipe. False where nothing has. */
  private async drain(uri: vscode.Uri): Promise<boolean> {
    const { content = '' } = await this.ask(uri, 'read', { limit: mostRecords });
    return this.pipe(uri).append(content);
  }

  /** A file's text, and when it was first seen so. */
  private async read(uri: vscode.Uri): Promise<{ text: string; time: number }> {
    const { content = '' } = await this.ask(uri, 'read');
    const key = uri.toString();
    const known = this.times.get(key);
    if (known?.text === content) return known;
    const seen = { text: content, time: Date.now() };
    this.times.set(key, seen);
    return seen;
  }

  private async look(uri: vscode.Uri): Promise<void> {
    const before = this.times.get(uri.toString());
    const hasChanged = async () => {
      if (isPipeAt(uri)) return this.drain(uri);
      return before !== undefined && (await this.read(uri)) !== before;
    };
    // Without a session there is nothing to see.
    if (await hasChanged().catch(() => false)) this.changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  private async ask(
    uri: vscode.Uri,
    operation: TracefsArguments['operation'],
    more: Partial<TracefsArguments> = {},
  ): Promise<TracefsResponseBody> {
    const session = vscode.debug.activeDebugSession;
    if (session?.type !== debugType) throw vscode.FileSystemError.Unavailable('No RISC-V program is being debugged.');
    try {
      return await session.customRequest('tracefs', { operation, path: uri.path.slice(1), ...more });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message.includes('ENOENT')) throw vscode.FileSystemError.FileNotFound(uri);
      if (/EACCES|EPERM/.test(message)) throw vscode.FileSystemError.NoPermissions(message);
      throw new vscode.FileSystemError(message);
    }
  }

  private async open(): Promise<void> {
    if (vscode.debug.activeDebugSession?.type !== debugType) {
      void vscode.window.showInformationMessage('Start debugging a program first: tracefs is of the program that runs.');
      return;
    }
    const names = (await this.readDirectory(vscode.Uri.from({ scheme: tracefsScheme, path: '/' })))
      .filter(([name, type]) => type === vscode.FileType.File && !writeOnly.has(name))
      .map(([name]) => name);
    const name = await vscode.window.showQuickPick(names, { title: 'The file of tracefs to open' });
    if (name) await vscode.window.showTextDocument(vscode.Uri.from({ scheme: tracefsScheme, path: `/${name}` }));
  }
}

function isPipeAt(uri: vscode.Uri): boolean {
  return uri.path.endsWith('/trace_pipe');
}

/** A file of one session: another one's pipe has other lines. */
function keyOf(uri: vscode.Uri): string {
  return `${vscode.debug.activeDebugSession?.id} ${uri}`;
}
