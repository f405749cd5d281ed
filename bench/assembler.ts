import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assemble } from '../program/assembler/assemble';
import { assembleLine } from '../program/assembler/assemble-line';
import { ordinarySource } from './ordinary-source';

const lines = 100_000;
const rounds = 5;
const gnu = 'riscv64-unknown-elf-as';

const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-bench-'));
try {
  const text = ordinarySource(lines);
  const path = join(folder, 'source.s');
  writeFileSync(path, text);
  const first = timed(() => assembled(text));
  const ours = fastest(() => assembled(text));
  const theirs = fastest(() => execFileSync(gnu, ['-march=rv64gc', '-o', join(folder, 'object.o'), path], { stdio: 'ignore' }));
  const ratio = (milliseconds: number) => `${milliseconds.toFixed(0)} ms, ${(milliseconds / theirs).toFixed(1)} times ${gnu}`;
  console.log(`assembling and linking ${lines} lines: ${ratio(ours)} (${theirs.toFixed(0)} ms); the first time ${ratio(first)}`);

  const large = ordinarySource(10 * lines);
  const longer = timed(() => assembled(large));
  console.log(
    `assembling and linking ${10 * lines} lines: ${longer.toFixed(0)} ms, ${(longer / ours).toFixed(1)} times that of a tenth of them`,
  );

  const edits = 20_000;
  const line = timed(() => {
    for (let edit = 0; edit < edits; edit++) assembleLine(`\taddi a0, a0, ${edit % 2048}`);
  });
  console.log(`one line by itself, as an editor asks for it: ${((line * 1000) / edits).toFixed(0)} microseconds`);
} finally {
  rmSync(folder, { recursive: true });
}

function assembled(text: string): void {
  if (!assemble([{ path: 'source.s', text }]).image) throw new Error('the source has errors');
}

function fastest(action: () => void): number {
  return Math.min(...Array.from({ length: rounds }, () => timed(action)));
}

/** Milliseconds. */
function timed(action: () => void): number {
  const start = performance.now();
  action();
  return performance.now() - start;
}
