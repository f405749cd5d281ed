/**
 * `npm test`: checks types and style, builds, runs every suite that this machine allows and prints the sum of all counts.
 * What a machine lacks is skipped by name; with RISCV_FTRACE_NO_SKIP set, a skipped test fails the run.
 */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/**
 * The rooms are tested by two processes at once, which have folders, servers and bundles of their own and share none: these, and all
 * others, which take about as long.
 */
const firstRooms = ['emulator', 'ftrace', 'program'];
/** Folders of `test/` that are no rooms. */
const noRooms = ['end-to-end', 'support'];

const scratch = mkdtempSync(join(tmpdir(), 'riscv-ftrace-test-'));
const total: Counts = { passed: 0, failed: 0, skipped: 0 };

main();

async function main(): Promise<void> {
  for (const step of [
    { name: 'types', command: ['tsc'] },
    { name: 'style', command: ['biome', 'check', '.'] },
    { name: 'build', command: ['tsx', 'scripts/bundle.ts'] },
  ]) {
    if (!(await run(step.name, step.command))) total.failed += 1;
  }
  const others = readdirSync('test').filter((room) => !firstRooms.includes(room) && !noRooms.includes(room));
  const [first, second] = [firstRooms, others].map((rooms) => ['mocha', ...rooms.map((room) => `test/${room}`)]) as [string[], string[]];
  const log = join(scratch, 'second.log');
  const ended = runSuite('other rooms', second, log);
  await runSuite('rooms', first);
  await ended;
  process.stdout.write(readFileSync(log));
  await runSuite('end to end', ['mocha', '--config', '.mocharc.end-to-end.json']);
  rmSync(scratch, { recursive: true, force: true });
  report();
}

function report(): void {
  const skippedIsFailure = Boolean(process.env.RISCV_FTRACE_NO_SKIP) && total.skipped > 0;
  if (skippedIsFailure) {
    process.stdout.write(`${total.skipped} skipped although nothing may be skipped here\n`);
    total.failed += total.skipped;
    total.skipped = 0;
  }
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  process.stdout.write(`\n${total.passed} passed, ${total.failed} failed${skipped}\n`);
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
}

/** Runs mocha and adds its counts; a suite that could not even be loaded counts as one failure. */
async function runSuite(name: string, command: string[], log?: string): Promise<void> {
  const file = join(scratch, `${name}.json`);
  const ended = await run(name, [...command, '--reporter', 'test/support/counting-reporter.cjs'], {
    log,
    environment: { RISCV_FTRACE_TEST_COUNTS: file },
  });
  if (!existsSync(file)) {
    total.failed += 1;
    return;
  }
  const counts = JSON.parse(readFileSync(file, 'utf8')) as Counts;
  total.passed += counts.passed;
  total.failed += counts.failed + (!ended && counts.failed === 0 ? 1 : 0);
  total.skipped += counts.skipped;
}

interface RunOptions {
  /** Where it prints to, instead of here and now. */
  readonly log?: string | undefined;
  readonly environment?: NodeJS.ProcessEnv;
}

/** Runs a command of a package to its end: whether it was successful. */
async function run(name: string, command: string[], { log, environment = {} }: RunOptions = {}): Promise<boolean> {
  const title = `\n== ${name}: ${command.join(' ')}\n`;
  const output = log === undefined ? 'inherit' : openSync(log, 'w');
  if (output === 'inherit') process.stdout.write(title);
  else writeSync(output, title);
  const child = spawn('npx', ['--no-install', ...command], {
    stdio: ['inherit', output, output],
    env: { ...process.env, ...environment },
  });
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve).on('error', () => resolve(null)));
  if (output !== 'inherit') closeSync(output);
  return status === 0;
}
