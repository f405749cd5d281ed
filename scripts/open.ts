/** `npm start`: builds the extension and opens a real VS Code with it on the samples. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { hasServerForThisMachine, installVsCode } from './vscode-install';
import { startServer } from './vscode-server';
import { packageExtension } from './vsix';

const root = resolve(__dirname, '..');
const samples = join(root, 'samples');
const usualPort = 8765;

main().catch((error) => {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const code = codeOnPath();
  if (!code && !hasServerForThisMachine()) {
    throw new Error(
      `There is no \`code\` on PATH. Install VS Code (in VS Code itself: "Shell Command: Install 'code' command in PATH"), then run npm start again.`,
    );
  }
  say('Building the extension ...');
  const { path } = await packageExtension();
  if (code) openDesktop(code);
  else await serve(path);
}

function openDesktop(code: string): void {
  say(`Opening ${code} on ${samples}`);
  const { status, error } = spawnSync(code, [`--extensionDevelopmentPath=${root}`, samples], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (error || status !== 0) throw new Error(`${code} failed: ${error?.message ?? `exit code ${status}`}`);
}

async function serve(extension: string): Promise<void> {
  const vscode = await installVsCode(say);
  const server = await startServer(vscode, { data: join(root, '.vscode-test/open'), extension, port: usualPort });
  const stop = (): void => void server.stop();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
  say(`\nVS Code with the extension and the samples:\n\n    ${server.address}/?folder=${encodeURI(samples)}\n\nCtrl+C ends it.`);
  await server.ended;
}

/** The path of VS Code's own command. */
function codeOnPath(): string | undefined {
  const names = process.platform === 'win32' ? ['code.cmd'] : ['code'];
  const paths = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return paths.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
