import assert from 'node:assert/strict';
import { canMultiplyAdd, fusesMultiplyAdd } from '../../../emulator/float/fused-multiply-add';
import { makeRoutines } from '../../../emulator/float/routines';
import { hartAt } from '../../../emulator/linear-memory';
import type { BaseMnemonic } from '../../../riscv/instruction-table';
import { Random } from '../../support/random';
import { formats } from './exact';
import { floatOperand, near } from './operands';
import { expected } from './reference';

type Routine = (...operands: (bigint | number)[]) => bigint;

const cases = 3000;

/** By the engine's fused multiply-add where it has one, and without. */
for (const fuses of [false, true]) {
  describe(`software arithmetic ${fuses ? 'on' : 'without'} a fused multiply-add of the engine`, () => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const state = new Uint32Array(memory.buffer);
    let routines: Readonly<Record<string, Routine>>;

    before(function () {
      if (fuses && !fusesMultiplyAdd()) this.skip();
      routines = makeRoutines(memory, fuses) as unknown as typeof routines;
    });

    const operations = { fadd: 'add', fmul: 'multiply', fdiv: 'divide', fsqrt: 'squareRoot', fmadd: 'multiplyAdd' } as const;
    for (const [name, routine] of Object.entries(operations)) {
      it(`${routine} of doubles`, () => {
        const random = new Random(31);
        const count = { fsqrt: 1, fmadd: 3 }[name as string] ?? 2;
        for (let index = 0; index < cases; index += 1) {
          // Numbers of moderate size and few bits, whose results are often exact, beside any.
          const moderate = () => moderateDouble(random);
          const any = () => floatOperand(random, formats.d);
          const [a, b] = random.below(4) === 0 ? [any(), any()] : [moderate(), moderate()];
          const product = expected('fmul.d', { a, b, c: 0n, x: 0n, mode: 0 }).bits;
          const c = random.below(2) === 0 ? near(random, product, formats.d) : moderate();
          const mode = random.pick([0, 0, 0, random.below(5)]);
          state[hartAt.fcsr / 4] = 0;
          const bits = BigInt.asUintN(64, routines[routine]!(...[a, b, c].slice(0, count), mode | (2 << 3)));
          const wanted = expected(`${name}.d` as BaseMnemonic, { a, b, c, x: 0n, mode });
          const where = [a, b, c].map((one) => `0x${one.toString(16)}`).join(', ');
          assert.deepEqual({ bits, flags: state[hartAt.fcsr / 4] }, wanted, `${name}.d of ${where}, mode ${mode}`);
        }
      });
    }
  });
}

it('the engine of the tests has a fused multiply-add wherever it can have one', () => {
  assert.ok(canMultiplyAdd());
});

/** Of an exponent near that of 1, and often of few significant bits. */
function moderateDouble(random: Random): bigint {
  const sign = BigInt(random.below(2)) << 63n;
  const exponent = BigInt(1023 + random.below(120) - 60) << 52n;
  const fraction = random.doubleword() >> 12n;
  return (
    sign |
    exponent |
    random.pick([fraction, fraction & (-1n << 27n) & ((1n << 52n) - 1n), fraction & (-1n << 40n) & ((1n << 52n) - 1n), 0n])
  );
}
