import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { InstalledVsCode } from './vscode-install';

export interface ServerOptions {
  /** Where this server keeps its settings, extensions, logs and home. Made where it is missing. */
  readonly data: string;
  /** A `.vsix` to install before it starts. */
  readonly extension: string;
  /** The port wanted; another one where it is taken. 0 takes any. */
  readonly port: number;
  /** User settings beside those that keep it quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly environment?: NodeJS.ProcessEnv;
}

export interface RunningServer {
  /** `http://127.0.0.1:PORT`. */
  readonly address: string;
  /** Ends the server with its extension hosts, which would otherwise wait hours for a lost page. */
  stop(): Promise<void>;
  /** Resolves when the server has ended. */
  readonly ended: Promise<void>;
}

const quietSettings = {
  'telemetry.telemetryLevel': 'off',
  'security.workspace.trust.enabled': false,
  'workbench.startupEditor': 'none',
  'update.mode': 'none',
  'remote.autoForwardPorts': false,
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
};

/** Starts the VS Code server on 127.0.0.1 with one extension installed. Throws where it does not answer within a minute. */
export async function startServer(vscode: InstalledVsCode, options: ServerOptions): Promise<RunningServer> {
  const extensions = join(options.data, 'extensions');
  const user = join(options.data, 'data/User');
  await mkdir(user, { recursive: true });
  await mkdir(extensions, { recursive: true });
  await writeFile(join(user, 'settings.json'), JSON.stringify({ ...quietSettings, ...options.settings }, undefined, 2));

  const common = ['--accept-server-license-terms', '--server-data-dir', options.data, '--extensions-dir', extensions];
  const log = join(options.data, 'server.log');
  const installed = launch(vscode, [...common, '--install-extension', options.extension, '--force'], options, log);
  if ((await exitOf(installed)) !== 0) throw new Error(`${options.extension} could not be installed; see ${log}`);

  const port = await freePort(options.port);
  const address = `http://127.0.0.1:${port}`;
  const listen = ['--host', '127.0.0.1', '--port', `${port}`, '--without-connection-token', '--disable-workspace-trust'];
  const server = launch(vscode, [...common, ...listen, '--telemetry-level', 'off'], options, log);
  const ended = exitOf(server).then(() => {});
  const stop = () => endGroup(server, ended);
  if (!(await answers(`${address}/version`, server))) {
    await stop();
    throw new Error(`the VS Code server did not start; see ${log}`);
  }
  return { address, stop, ended };
}

/** In a process group of its own, so that it can be ended with all that it starts. */
function launch(vscode: InstalledVsCode, args: string[], options: ServerOptions, log: string): ChildProcess {
  const environment = { HOME: options.data, XDG_CONFIG_HOME: join(options.data, '.config'), ...options.environment };
  const child = spawn(vscode.node, [vscode.main, ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  const file = createWriteStream(log, { flags: 'a' });
  child.stdout?.pipe(file, { end: false });
  child.stderr?.pipe(file, { end: false });
  return child;
}

function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(-1));
    child.once('exit', (code) => resolve(code ?? -1));
  });
}

async function endGroup(child: ChildProcess, ended: Promise<void>): Promise<void> {
  const signal = (name: NodeJS.Signals): void => {
    try {
      process.kill(-child.pid!, name);
    } catch {
      // The group is gone already.
    }
  };
  signal('SIGTERM');
  await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 2000))]);
  signal('SIGKILL');
}

async function answers(url: string, server: ChildProcess): Promise<boolean> {
  for (const end = Date.now() + 60_000; Date.now() < end && server.exitCode === null; ) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.status === 200) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

function freePort(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => (wanted === 0 ? reject(error) : resolve(freePort(0))));
    probe.listen(wanted, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
