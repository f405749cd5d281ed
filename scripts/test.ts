/**
 * `npm test`: checks types and style, builds, runs every suite that this machine allows and prints the sum of all counts.
 * What a machine lacks is skipped by name; with RISCV_FTRACE_NO_SKIP set, a skipped test fails the run.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const scratch = mkdtempSync(join(tmpdir(), 'riscv-ftrace-test-'));
const total: Counts = { passed: 0, failed: 0, skipped: 0 };

for (const step of [
  { name: 'types', command: ['tsc'] },
  { name: 'style', command: ['biome', 'check', '.'] },
  { name: 'build', command: ['tsx', 'scripts/bundle.ts'] },
]) {
  if (!run(step.name, step.command)) total.failed += 1;
}
runSuite('rooms', ['mocha']);
runSuite('end to end', ['mocha', '--config', '.mocharc.end-to-end.json']);
rmSync(scratch, { recursive: true, force: true });

const skippedIsFailure = Boolean(process.env.RISCV_FTRACE_NO_SKIP) && total.skipped > 0;
if (skippedIsFailure) {
  process.stdout.write(`${total.skipped} skipped although nothing may be skipped here\n`);
  total.failed += total.skipped;
  total.skipped = 0;
}
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed${skipped}\n`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;

/** Runs one mocha configuration and adds its counts; a suite that could not even be loaded counts as one failure. */
function runSuite(name: string, command: string[]): void {
  const file = join(scratch, `${name}.json`);
  const ended = run(name, [...command, '--reporter', 'test/support/counting-reporter.cjs'], { RISCV_FTRACE_TEST_COUNTS: file });
  if (!existsSync(file)) {
    total.failed += 1;
    return;
  }
  const counts = JSON.parse(readFileSync(file, 'utf8')) as Counts;
  total.passed += counts.passed;
  total.failed += counts.failed + (!ended && counts.failed === 0 ? 1 : 0);
  total.skipped += counts.skipped;
}

function run(name: string, command: string[], environment: NodeJS.ProcessEnv = {}): boolean {
  process.stdout.write(`\n== ${name}: ${command.join(' ')}\n`);
  const result = spawnSync('npx', ['--no-install', ...command], { stdio: 'inherit', env: { ...process.env, ...environment } });
  return result.status === 0;
}
