/** The memory of the language server, its checking thread included, on a long file: the bundle as a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { longSource } from './long-source';

const lineCount = 100_000;
const server = join(resolve(__dirname, '..'), 'dist/language-server.js');
const uri = 'file:///long.s';

void measure();

async function measure(): Promise<void> {
  const text = longSource(lineCount);
  process.stdout.write(
    `\nMemory of the language server, a file of ${lineCount} lines (${(text.length / 2 ** 20).toFixed(1)} MiB; wanted: under 200 MB)\n`,
  );
  if (!existsSync(server)) return void process.stdout.write('  not measured: npm run build makes the server\n');
  const child = spawn(process.execPath, [server, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  let wake = () => {};
  connection.onNotification('textDocument/publishDiagnostics', () => wake());
  const published = () => new Promise<void>((resolve) => (wake = resolve));
  connection.listen();
  const capabilities = { textDocument: { publishDiagnostics: {} } };
  await connection.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities });
  await connection.sendNotification('initialized', {});
  print(child, 'started');
  const opened = published();
  const textDocument = { uri, languageId: 'riscv-asm', version: 1, text };
  await connection.sendNotification('textDocument/didOpen', { textDocument });
  await opened;
  print(child, 'opened');
  await published();
  print(child, 'checked as a whole');
  const range = { start: { line: lineCount >> 1, character: 0 }, end: { line: lineCount >> 1, character: 0 } };
  const edited = published();
  await connection.sendNotification('textDocument/didChange', {
    textDocument: { uri, version: 2 },
    contentChanges: [{ range, text: ' ' }],
  });
  await edited;
  await published();
  print(child, 'checked again after a keystroke');
  await connection.sendRequest('textDocument/semanticTokens/full', { textDocument: { uri } });
  print(child, 'all semantic tokens asked for');
  await connection.sendRequest('textDocument/documentSymbol', { textDocument: { uri } });
  print(child, 'all symbols asked for');
  await connection.sendRequest('shutdown');
  await connection.sendNotification('exit');
  connection.dispose();
}

/** Linux tells the memory of a process, and the most that it ever was. */
function print({ pid }: ChildProcess, what: string): void {
  const file = `/proc/${pid}/status`;
  if (!existsSync(file)) return void process.stdout.write(`  ${what}: not measured on this system\n`);
  const status = readFileSync(file, 'utf8');
  const megabytes = (name: string) => ((Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024) / 1e6).toFixed(0);
  process.stdout.write(`  ${what}: ${megabytes('VmRSS')} MB, at most ${megabytes('VmHWM')} MB so far\n`);
}
