/** C programs with much debug information: the first stop beside gdb's own start, what a stop costs, and indexing by size. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { DebugClient } from '@vscode/debugadapter-testsupport';
import { type BuildOptions, build } from 'esbuild';
import { readProgram } from '../program/read-program';
import { breakFunction, buildLargeProgram, findCompiler, type LargeProgram, scratchFolder } from './debug-info/large-program';

const mebibyte = 2 ** 20;
const rounds = 5;
const framesShown = 20;

void main();

async function main(): Promise<void> {
  console.log('\nDebug information');
  const compiler = findCompiler();
  if (!compiler) return console.log('  skipped: no C compiler for riscv64 on PATH');
  const folder = scratchFolder();
  const programs = [12, 25, 50].map((size) => buildLargeProgram(compiler, folder, size * mebibyte));
  for (const program of programs) indexing(program);
  await firstStop(programs.at(-1)!, await bundledAdapter(folder));
}

/** All that is read of every unit: what code and sources it has, and its names. */
function indexing(program: LargeProgram): void {
  const image = readFileSync(program.path);
  const start = cpuTime();
  const read = readProgram(image, 'program.elf');
  const tables = cpuTime() - start;
  read.debugInfo.entries.named('no such name');
  const all = cpuTime() - start;
  const size = program.size / mebibyte;
  console.log(
    `  indexing ${size.toFixed(0)} MB of ${program.units} units: symbols and lines ${tables.toFixed(0)} ms, names ${(all - tables).toFixed(0)} ms; ${(all / size).toFixed(1)} ms of CPU time for a MB`,
  );
}

async function firstStop({ path, size }: LargeProgram, adapter: string): Promise<void> {
  const hasGdb = spawnSync('gdb-multiarch', ['--version']).status === 0;
  const [ours, theirs, breaks, stops]: number[][] = [[], [], [], []];
  for (let round = 0; round < rounds; round++) {
    if (hasGdb) {
      theirs!.push(timed(() => execFileSync('gdb-multiarch', ['-nx', '-batch', path])));
      breaks!.push(timed(() => execFileSync('gdb-multiarch', ['-nx', '-batch', '-ex', `break ${breakFunction}`, path])));
    }
    const start = performance.now();
    const client = await stopInside(adapter, path);
    await frames(client, 1);
    ours!.push(performance.now() - start);
    stops!.push(...(await laterStops(client)));
    await client.stop();
  }
  console.log(`  first stop, with its stack, in ${(size / mebibyte).toFixed(0)} MB: ${median(ours!).toFixed(0)} ms`);
  if (hasGdb) {
    console.log(
      `  gdb-multiarch's start alone ${median(theirs!).toFixed(0)} ms, with a breakpoint ${median(breaks!).toFixed(0)} ms: ratios ${(median(ours!) / median(theirs!)).toFixed(2)} and ${(median(ours!) / median(breaks!)).toFixed(2)} (wanted: below 3)`,
    );
  } else console.log('  skipped: gdb-multiarch is not on PATH');
  console.log(
    `  a later stop, its ${framesShown} frames and their variables asked for: ${median(stops!).toFixed(1)} ms (wanted: below 20)`,
  );
}

/** A new adapter's process with the program stopped in the innermost function. */
async function stopInside(adapter: string, program: string): Promise<DebugClient> {
  const client = new DebugClient('node', adapter, 'riscv-ftrace');
  await client.start();
  await client.initializeRequest({ adapterID: 'riscv-ftrace', linesStartAt1: true, columnsStartAt1: true, pathFormat: 'path' });
  await Promise.all([client.waitForEvent('initialized', 60_000), client.customRequest('launch', { program })]);
  await client.setFunctionBreakpointsRequest({ breakpoints: [{ name: breakFunction }] });
  await Promise.all([client.waitForEvent('stopped', 60_000), client.configurationDoneRequest()]);
  return client;
}

/** Milliseconds from each stop of some steps to the last answer about it. */
async function laterStops(client: DebugClient): Promise<number[]> {
  await frames(client, framesShown);
  const times: number[] = [];
  for (let step = 0; step < 8; step++) {
    const stopped = client.waitForEvent('stopped');
    await client.nextRequest({ threadId: 1, granularity: 'instruction' });
    await stopped;
    const start = performance.now();
    const variables = await frames(client, framesShown);
    times.push(performance.now() - start);
    if (variables < 2 * framesShown) throw new Error(`only ${variables} variables`);
  }
  return times;
}

/** Asks for frames with their local variables, as an editor does that shows them all, and returns the number of variables. */
async function frames(client: DebugClient, levels: number): Promise<number> {
  const { stackFrames } = (await client.stackTraceRequest({ threadId: 1, levels })).body;
  const counts = await Promise.all(
    stackFrames.map(async ({ id }) => {
      const { scopes } = (await client.scopesRequest({ frameId: id })).body;
      const locals = scopes.find(({ name }) => name === 'Locals');
      return locals ? (await client.variablesRequest({ variablesReference: locals.variablesReference })).body.variables.length : 0;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** The adapter as it is shipped, in one file. */
async function bundledAdapter(folder: string): Promise<string> {
  const root = resolve(__dirname, '..');
  const outfile = join(folder, 'debug-adapter.js');
  const options: BuildOptions = { bundle: true, platform: 'node', target: 'node20', minify: true, mainFields: ['module', 'main'] };
  await build({ ...options, absWorkingDir: root, entryPoints: ['debug-adapter/main.ts'], loader: { '.S': 'text' }, outfile });
  return outfile;
}

function timed(action: () => void): number {
  const start = performance.now();
  action();
  return performance.now() - start;
}

function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function median(list: readonly number[]): number {
  return [...list].sort((a, b) => a - b)[list.length >> 1]!;
}
