import { spawn } from 'node:child_process';
import { constants, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { access, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve, sep } from 'node:path';
import type { BuildHost, CommandResult } from '../program/build/build-host';
import { openDebugFile } from './node-debug-file';

/** Building on this computer: its files and its commands. */
export const nodeBuildHost: BuildHost = {
  // The sources and the bundles both lie one folder below the package.
  runtimeFolder: resolve(__dirname, '../runtime'),
  readFile: readWholeFile,
  readIncluded,
  openDebugFile,
  findCommand,
  run,
  withTemporaryFolder,
};

async function readWholeFile(path: string): Promise<Uint8Array> {
  try {
    if (isEndless(await stat(path))) throw new Error('this is a device or pipe, not a program');
    return await readFile(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw new Error(`${path}: ${causes[code] ?? (error as Error).message}`);
  }
}

/** A program that somebody opened reads nothing but what lies beside it and below. */
function readIncluded(path: string, folder: string): Uint8Array | undefined {
  try {
    const [real, root] = [realpathSync(path), realpathSync(folder)];
    if (!real.startsWith(root.endsWith(sep) ? root : root + sep) || !statSync(real).isFile()) return undefined;
    return readFileSync(real);
  } catch {
    return undefined;
  }
}

/** Not a file of some size: reading it could wait or go on for ever. */
function isEndless(file: Stats): boolean {
  return !file.isFile() && !file.isDirectory();
}

const causes: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'this is a folder, not a program',
  EACCES: 'it may not be read',
};

async function findCommand(command: string): Promise<string | undefined> {
  const isPath = /[/\\]/.test(command);
  const folders = isPath ? [''] : (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const endings = process.platform === 'win32' ? ['.exe', ''] : [''];
  for (const folder of folders) {
    for (const ending of endings) {
      const path = join(folder, command) + ending;
      if (await canRun(path)) return path;
    }
  }
  return undefined;
}

async function canRun(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

function run(command: string, args: readonly string[], folder: string): Promise<CommandResult> {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, LC_ALL: 'C' } });
    const collected = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        collected[stream] += text;
      });
    }
    child.once('error', fail);
    child.once('close', (status) => done({ status: status ?? -1, ...collected }));
  });
}

async function withTemporaryFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'riscv-ftrace-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
