import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DebugClient } from '@vscode/debugadapter-testsupport';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { buildSync } from 'esbuild';
import type { LaunchArguments } from '../../debug-adapter/launch-arguments';

const root = resolve(__dirname, '../..');
/** The adapter in one file, which the thread of each session starts sooner than its TypeScript. It finds `runtime` beside its folder. */
export const adapterFile = join(root, `test-results/debug-adapter-${process.pid}.js`);
buildSync({
  ...{ entryPoints: [join(root, 'debug-adapter/main.ts')], outfile: adapterFile, bundle: true, platform: 'node', target: 'node20' },
  ...{ mainFields: ['module', 'main'], loader: { '.S': 'text' }, logLevel: 'error' },
});

export function sample(name: string): string {
  return join(root, 'samples', name);
}

/** The adapter's process, its standard streams as pipes. */
export function spawnAdapter(...args: string[]) {
  return spawn(process.execPath, [adapterFile, ...args], { cwd: root, stdio: 'pipe' });
}

/** A client of an adapter of its own on standard streams. */
export async function stdioClient(): Promise<DebugClient> {
  const client = new DebugClient(process.execPath, adapterFile, 'riscv-ftrace', { cwd: root });
  await client.start();
  return client;
}

/** An adapter started with --server=0, and the port that it says. */
export async function startServer(): Promise<{ process: ChildProcess; port: number }> {
  const child = spawnAdapter('--server=0');
  let said = '';
  for await (const bytes of child.stderr) {
    said += bytes;
    const port = /listening on 127\.0\.0\.1:(\d+)/.exec(said)?.[1];
    if (port) return { process: child, port: Number(port) };
  }
  throw new Error(`the adapter does not listen: ${said}`);
}

let shared: Promise<{ process: ChildProcess; port: number }> | undefined;
let scratch: string | undefined;

/** One server for all tests; each connection is a session of its own. */
async function sharedPort(): Promise<number> {
  shared ??= startServer();
  return (await shared).port;
}

after(async () => {
  if (shared) (await shared).process.kill();
  if (scratch) rmSync(scratch, { recursive: true });
  rmSync(adapterFile);
});

/** Writes a file for one test and returns its path. */
export function scratchFile(name: string, content: string | Uint8Array): string {
  scratch ??= mkdtempSync(join(tmpdir(), 'riscv-ftrace-test-'));
  const path = join(scratch, name);
  writeFileSync(path, content);
  return path;
}

type Stop = DebugProtocol.StoppedEvent['body'];

/** A debug session as a test drives it. */
export class Driver {
  readonly events: DebugProtocol.Event[] = [];
  private seen = 0;
  private closed: Promise<void> | undefined;

  private constructor(readonly client: DebugClient) {
    for (const name of ['initialized', 'stopped', 'output', 'exited', 'terminated', 'traceHits', 'invalidated', 'memory', 'breakpoint']) {
      client.on(name, (event: DebugProtocol.Event) => this.events.push(event));
    }
  }

  static async connect(client?: DebugClient): Promise<Driver> {
    const connected = client ?? new DebugClient('', '', 'riscv-ftrace');
    if (!client) await connected.start(await sharedPort());
    const driver = new Driver(connected);
    await connected.initializeRequest({
      adapterID: 'riscv-ftrace',
      linesStartAt1: true,
      columnsStartAt1: true,
      pathFormat: 'path',
      supportsInvalidatedEvent: true,
      supportsMemoryEvent: true,
    });
    return driver;
  }

  /** Launches and configures; the program then runs, or stops at its entry with `stopOnEntry`. */
  static async launch(args: LaunchArguments, configure: (driver: Driver) => Promise<unknown> = async () => {}): Promise<Driver> {
    const driver = await Driver.connect();
    await driver.request('launch', args);
    await driver.next('initialized');
    await configure(driver);
    await driver.request('configurationDone');
    return driver;
  }

  // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever body it asked for.
  async request(command: string, args?: object): Promise<any> {
    return (await this.client.customRequest(command, args)).body;
  }

  /** The error that a request is answered with; it fails where there is none. */
  async error(command: string, args?: object): Promise<string> {
    const answer = await this.client.customRequest(command, args).catch((error: Error) => error);
    if (answer instanceof Error) return answer.message;
    throw new Error(`${command} was answered without an error: ${JSON.stringify(answer.body)}`);
  }

  /** The first event of that kind that was not asked for before, and everything before it counts as seen. */
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever body it waits for.
  async next(name: string): Promise<any> {
    for (;;) {
      const index = this.events.findIndex((event, at) => at >= this.seen && event.event === name);
      if (index >= 0) {
        this.seen = index + 1;
        return this.events[index]!.body;
      }
      await once(this.client, name);
    }
  }

  stopped(): Promise<Stop> {
    return this.next('stopped');
  }

  /** Sends a request that lets the program run, and waits for its stop. */
  async until(command: 'continue' | 'next' | 'stepIn' | 'stepOut' | 'pause', granularity?: 'instruction'): Promise<Stop> {
    await this.request(command, { threadId: 1, ...(granularity ? { granularity } : {}) });
    return this.stopped();
  }

  async breakAt(path: string, ...lines: number[]): Promise<DebugProtocol.Breakpoint[]> {
    return (await this.request('setBreakpoints', { source: { path }, breakpoints: lines.map((line) => ({ line })) })).breakpoints;
  }

  async stack(): Promise<DebugProtocol.StackFrame[]> {
    return (await this.request('stackTrace', { threadId: 1 })).stackFrames;
  }

  /** `fib:27` for each frame, the innermost first. */
  async places(): Promise<string[]> {
    return (await this.stack()).map(({ name, line }) => `${name}:${line}`);
  }

  async scopes(frame = 0): Promise<DebugProtocol.Scope[]> {
    const frames = await this.stack();
    return (await this.request('scopes', { frameId: frames[frame]!.id })).scopes;
  }

  /** The variables of a scope by name. */
  async variables(scope: string, frame = 0): Promise<Map<string, DebugProtocol.Variable>> {
    const reference = (await this.scopes(frame)).find(({ name }) => name === scope)!.variablesReference;
    const { variables } = await this.request('variables', { variablesReference: reference });
    return new Map(variables.map((variable: DebugProtocol.Variable) => [variable.name, variable]));
  }

  /** The reference of a frame's first scope. */
  async firstScope(frame = 0): Promise<number> {
    return (await this.scopes(frame))[0]!.variablesReference;
  }

  async set(scope: string, name: string, value: string, frame = 0): Promise<string> {
    const reference = (await this.scopes(frame)).find((each) => each.name === scope)!.variablesReference;
    return (await this.request('setVariable', { variablesReference: reference, name, value })).value;
  }

  async evaluate(expression: string, context = 'repl'): Promise<string> {
    return (await this.request('evaluate', { expression, context })).result;
  }

  /** All the program has printed so far. */
  output(category = 'stdout'): string {
    return this.events
      .filter(({ event, body }) => event === 'output' && body.category === category)
      .map(({ body }) => body.output)
      .join('');
  }

  /** Lets the program run to its end and returns its exit code. */
  async exit(): Promise<number> {
    const { exitCode } = await this.next('exited');
    await this.next('terminated');
    return exitCode;
  }

  /** Ends the adapter. A second call, as after a skipped test, does nothing. */
  close(): Promise<void> {
    this.closed ??= this.client.stop();
    return this.closed;
  }
}
