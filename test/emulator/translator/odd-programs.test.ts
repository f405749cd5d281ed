import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TranslatorStatistics } from '../../../emulator/translator/translator-statistics';
import { assemble } from '../../../program/assembler/assemble';
import { readProgram } from '../../../program/read-program';
import { Random } from '../../support/random';
import { requireTools } from '../../support/tools';
import { runInSlices, startInLockstep } from './lockstep-process';

const folder = join(__dirname, 'programs');
const prelude = readFileSync(join(folder, 'prelude.s'), 'utf8');

function imageOf(name: string): Uint8Array {
  const text = `${prelude}\n${readFileSync(join(folder, `${name}.s`), 'utf8')}`;
  const { image, diagnostics } = assemble([{ path: `${name}.s`, text }], { callSites: false });
  assert.ok(image, diagnostics.map(({ line, message }) => `${name}, ${line} with the prelude: ${message}`).join('\n'));
  return image;
}

type Counts = Readonly<Record<string, (statistics: TranslatorStatistics) => number | bigint>>;

/** Programs, what they must have come to in the translator, and whether what they compute does not depend on the machine. */
const programs: Readonly<Record<string, { readonly counts: Counts; readonly isPortable: boolean }>> = {
  'timer-signals': { counts: { fuel: ({ exits }) => exits.fuel }, isPortable: false },
  faults: {
    counts: { checks: ({ exits }) => exits.check, permissions: ({ dropped }) => dropped['permissions changed'] },
    isPortable: true,
  },
  'writes-code': { counts: { fences: ({ exits }) => exits.fenceI, changes: ({ dropped }) => dropped['code changed'] }, isPortable: true },
  'odd-jumps': { counts: { checks: ({ exits }) => exits.check, jumps: ({ exits }) => exits.indirect }, isPortable: true },
  stacks: { counts: { regions: ({ regions }) => regions }, isPortable: true },
  floats: { counts: { floats: ({ exits }) => exits.float }, isPortable: true },
  atomics: { counts: { misaligned: ({ exits }) => exits.misaligned }, isPortable: false },
};

describe('odd programs, in lockstep', () => {
  for (const [name, { counts, isPortable }] of Object.entries(programs)) {
    it(`${name} is the same at every exit of a region${isPortable ? ', and ends as under qemu-riscv64' : ''}`, function () {
      const image = imageOf(name);
      const program = readProgram(image, name);
      const ends = [2, 20].map((hotAfter) => {
        const { both, output } = startInLockstep(program, { hotAfter, memory: 4 });
        const stop = runInSlices(both, 3_000_000, new Random(hotAfter));
        assert.equal(stop.kind, 'exit', `${name} stops with ${stop.kind}`);
        for (const [what, count] of Object.entries(counts)) {
          assert.ok(count(both.ours.statistics) > 0, `${name}, hot after ${hotAfter}: ${what}`);
        }
        return { status: stop.kind === 'exit' && stop.code, sum: Buffer.from(output[1], 'latin1').toString('hex') };
      });
      assert.deepEqual(ends[1], ends[0]);
      if (isPortable) assert.deepEqual(ends[0], underQemu(this, image));
    });
  }
});

function underQemu(context: Mocha.Context, image: Uint8Array): { status: number | null; sum: string } {
  requireTools(context, 'qemu-riscv64');
  const work = mkdtempSync(join(tmpdir(), 'riscv-ftrace-'));
  try {
    const path = join(work, 'program');
    writeFileSync(path, image);
    chmodSync(path, 0o755);
    const { status, stdout } = spawnSync('qemu-riscv64', [path]);
    return { status, sum: stdout.toString('hex') };
  } finally {
    rmSync(work, { recursive: true });
  }
}
