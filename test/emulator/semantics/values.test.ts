import assert from 'node:assert/strict';
import type { Mnemonic } from '../../../riscv/instruction-table';
import { type Line, machineWith, places } from '../../support/code-machine';

const minimum = -(2n ** 63n);
const maximum = 2n ** 63n - 1n;

/** Results that the manual's text and tables give, where a mistake is likely: mnemonic, rs1, rs2 or the immediate, rd. */
const results: readonly [Mnemonic, bigint, bigint, bigint][] = [
  ['add', maximum, 1n, minimum],
  ['sub', minimum, 1n, maximum],
  ['slt', -1n, 1n, 1n],
  ['sltu', -1n, 1n, 0n],
  ['sltiu', 5n, -1n, 1n],
  ['slti', 5n, -1n, 0n],
  ['sll', 1n, 64n + 5n, 32n],
  ['srl', -1n, 63n, 1n],
  ['sra', minimum, 63n, -1n],
  ['srai', -8n, 1n, -4n],
  ['addw', 0x7fff_ffffn, 1n, -0x8000_0000n],
  ['addiw', 0xffff_ffff_0000_0000n, -1n, -1n],
  ['subw', -0x8000_0000n, 1n, 0x7fff_ffffn],
  ['sllw', 1n, 31n, -0x8000_0000n],
  ['sllw', 1n, 32n, 1n],
  ['srlw', 0xdead_8000_0000n, 31n, 1n],
  ['sraw', 0x8000_0000n, 31n, -1n],
  ['slliw', 0x4000_0000n, 1n, -0x8000_0000n],
  ['srliw', -1n, 0n, -1n],
  ['mul', -1n, -1n, 1n],
  ['mulh', minimum, minimum, 2n ** 62n],
  ['mulh', -1n, 1n, -1n],
  ['mulhu', -1n, -1n, -2n],
  ['mulhsu', -1n, -1n, -1n],
  ['mulhsu', minimum, -1n, minimum],
  ['mulw', 0x1_0000_0003n, 0xffff_ffffn, -3n],
  ['div', 7n, -2n, -3n],
  ['rem', 7n, -2n, 1n],
  ['rem', -7n, 2n, -1n],
  ['div', 7n, 0n, -1n],
  ['rem', 7n, 0n, 7n],
  ['div', minimum, -1n, minimum],
  ['rem', minimum, -1n, 0n],
  ['divu', 7n, 0n, -1n],
  ['remu', 7n, 0n, 7n],
  ['divu', minimum, -1n, 0n],
  ['divw', -0x8000_0000n, -1n, -0x8000_0000n],
  ['remw', -0x8000_0000n, -1n, 0n],
  ['divw', 0x1_0000_0007n, 0x5_0000_0000n, -1n],
  ['remw', 0x8000_0001n, 0n, -0x7fff_ffffn],
  ['divuw', 0xffff_ffffn, 1n, -1n],
  ['divuw', 5n, 0n, -1n],
  ['remuw', 0x8000_0001n, 0n, -0x7fff_ffffn],
];

/** What is in memory before, rs2, what is in memory afterwards; rd is what was in memory. */
const exchanges: readonly [Mnemonic, bigint, bigint, bigint][] = [
  ['amoswap.d', 1n, 2n, 2n],
  ['amoadd.d', maximum, 1n, minimum],
  ['amoxor.d', 0b1100n, 0b1010n, 0b0110n],
  ['amoand.d', 0b1100n, 0b1010n, 0b1000n],
  ['amoor.d', 0b1100n, 0b1010n, 0b1110n],
  ['amomin.d', -1n, 1n, -1n],
  ['amomax.d', -1n, 1n, 1n],
  ['amominu.d', -1n, 1n, 1n],
  ['amomaxu.d', -1n, 1n, -1n],
  ['amoadd.w', 0x1111_1111_7fff_ffffn, 1n, 0x1111_1111_8000_0000n],
  ['amomin.w', 0x1111_1111_8000_0000n, 0n, 0x1111_1111_8000_0000n],
  ['amominu.w', 0x1111_1111_8000_0000n, 0x7n, 0x1111_1111_0000_0007n],
  ['amomaxu.w', 0x1111_1111_8000_0000n, 0x7n, 0x1111_1111_8000_0000n],
  ['amoswap.w', 0x1111_1111_2222_2222n, 0x3333_3333_4444_4444n, 0x1111_1111_4444_4444n],
];

describe('results of instructions', () => {
  for (const [mnemonic, rs1, second, expected] of results) {
    it(`${mnemonic} of ${rs1} and ${second}`, () => {
      const immediate = mnemonic.endsWith('iw') || /^(slti|srai)/.test(mnemonic);
      const machine = machineWith([[mnemonic, { rd: 5, rs1: 6, ...(immediate ? { immediate: Number(second) } : { rs2: 7 }) }]]);
      machine.writeX(6, rs1);
      machine.writeX(7, immediate ? 0n : second);
      machine.step();
      assert.equal(BigInt.asIntN(64, machine.readX(5)), expected);
    });
  }

  for (const [mnemonic, memory, rs2, expected] of exchanges) {
    it(`${mnemonic} of ${memory} and ${rs2}`, () => {
      const machine = machineWith([[mnemonic, { rd: 5, rs1: 6, rs2: 7 }]]);
      writeDoubleword(machine, memory);
      machine.writeX(6, places.data);
      machine.writeX(7, rs2);
      machine.step();
      assert.equal(BigInt.asIntN(64, machine.memory.load(places.data, 8)!), expected);
      assert.equal(BigInt.asIntN(64, machine.readX(5)), mnemonic.endsWith('.w') ? BigInt.asIntN(32, memory) : memory);
    });
  }

  it('mulh, mulhsu and mulhu give the upper half of the exact product, where halves carry and where signs differ', () => {
    const low = 2n ** 32n;
    const values = [
      0n,
      1n,
      -1n,
      minimum,
      maximum,
      minimum + 1n,
      low,
      low - 1n,
      -low,
      1n - low,
      2n ** 31n,
      -(2n ** 31n),
      0x1234_5678_9abc_def1n,
    ];
    const machine = machineWith([
      ['mulh', { rd: 5, rs1: 8, rs2: 9 }],
      ['mulhsu', { rd: 6, rs1: 8, rs2: 9 }],
      ['mulhu', { rd: 7, rs1: 8, rs2: 9 }],
    ]);
    const unsigned = (value: bigint) => BigInt.asUintN(64, value);
    for (const left of values) {
      for (const right of values) {
        machine.pc = places.code;
        machine.writeX(8, left);
        machine.writeX(9, right);
        machine.run(3);
        const products = [left * right, left * unsigned(right), unsigned(left) * unsigned(right)];
        const expected = products.map((product) => unsigned(product >> 64n));
        assert.deepEqual(
          [5, 6, 7].map((register) => machine.readX(register)),
          expected,
          `${left} ${right}`,
        );
      }
    }
  });

  it('writes to x0 are lost, and so is what is written to it from outside', () => {
    const machine = machineWith([
      ['addi', { rd: 0, rs1: 0, immediate: 5 }],
      ['add', { rd: 5, rs1: 0, rs2: 0 }],
    ]);
    machine.writeX(0, 9n);
    machine.writeX(5, 7n);
    machine.run(2);
    assert.deepEqual([machine.readX(0), machine.readX(5)], [0n, 0n]);
  });

  it('registers written from outside wrap to 64 bits', () => {
    const machine = machineWith([]);
    machine.writeX(5, -1n);
    assert.equal(machine.readX(5), 2n ** 64n - 1n);
  });

  it('jal and jalr link to the next instruction, compressed or not; jalr clears bit 0 and may use its target as link', () => {
    const machine = machineWith([
      ['c.j', { immediate: 2 }],
      ['jalr', { rd: 5, rs1: 5, immediate: 1 }],
    ]);
    machine.writeX(5, places.code + 0x100n);
    machine.run(2);
    assert.equal(machine.pc, places.code + 0x100n);
    assert.equal(machine.readX(5), places.code + 6n);
  });

  it('auipc adds to its own address', () => {
    const machine = machineWith([['auipc', { rd: 5, immediate: -4096 }]]);
    machine.step();
    assert.equal(machine.readX(5), places.code - 4096n);
  });
});

describe('LR and SC', () => {
  const lrW: Line = ['lr.w', { rd: 5, rs1: 6 }];
  const lrD: Line = ['lr.d', { rd: 5, rs1: 6 }];
  const scW: Line = ['sc.w', { rd: 10, rs1: 6, rs2: 7 }];
  const scD: Line = ['sc.d', { rd: 10, rs1: 6, rs2: 7 }];
  const elsewhere: Line = ['sc.d', { rd: 0, rs1: 8, rs2: 7 }];
  const store: Line = ['sd', { rs1: 6, rs2: 0 }];

  const cases: readonly [string, readonly Line[], 'stores' | 'fails'][] = [
    ['without a reservation', [scD], 'fails'],
    ['after lr', [lrD, scD], 'stores'],
    ['after lr of the word', [lrW, scW], 'stores'],
    ['a second time', [lrD, scD, scD], 'fails'],
    ['after an sc elsewhere', [lrD, elsewhere, scD], 'fails'],
    ['after lr of another size', [lrW, scD], 'fails'],
    ['after a store of its own', [lrD, store, scD], 'stores'],
  ];
  for (const [when, lines, outcome] of cases) {
    it(`sc ${when} ${outcome}`, () => {
      const machine = machineWith(lines);
      machine.writeX(6, places.data);
      machine.writeX(7, 0x55n);
      machine.writeX(8, places.data + 64n);
      machine.run(lines.length);
      assert.equal(machine.readX(10), outcome === 'stores' ? 0n : 1n);
      if (lines.length < 3) assert.equal(machine.memory.load(places.data, 8), outcome === 'stores' ? 0x55n : 0n);
    });
  }
});

describe('CSRs', () => {
  it('cycle, time and instret are the instructions before', () => {
    const csrs = [0xc00, 0xc01, 0xc02];
    const machine = machineWith(csrs.map((csr) => ['csrrs', { rd: 5 + (csr & 3), rs1: 0, csr }]));
    machine.run(3);
    assert.deepEqual(
      [5, 6, 7].map((register) => machine.readX(register)),
      [0n, 1n, 2n],
    );
    assert.deepEqual(
      csrs.map((csr) => machine.readCsr(csr)),
      [3n, 3n, 3n],
    );
    assert.equal(machine.readCsr(0x300), undefined);
    assert.equal(machine.writeCsr(0xc00, 1n), false);
  });

  it('fflags, frm and fcsr are parts of one', () => {
    const machine = machineWith([
      ['csrrw', { rd: 5, rs1: 10, csr: 3 }],
      ['csrrs', { rd: 6, rs1: 0, csr: 1 }],
      ['csrrci', { rd: 7, immediate: 3, csr: 2 }],
      ['csrrsi', { rd: 8, immediate: 9, csr: 1 }],
      ['csrrw', { rd: 9, rs1: 10, csr: 1 }],
      ['csrrs', { rd: 11, rs1: 0, csr: 3 }],
    ]);
    machine.writeX(10, 0xffff_ff72n);
    machine.run(6);
    assert.deepEqual(
      [5, 6, 7, 8, 9, 11].map((register) => machine.readX(register)),
      [0n, 0x12n, 3n, 0x12n, 0x1bn, 0x12n],
    );
    assert.deepEqual([machine.writeCsr(2, 0xfdn), [1, 2, 3].map((csr) => machine.readCsr(csr))], [true, [0x12n, 5n, 0xb2n]]);
  });

  it('every form reads without writing where the manual says that it does not write', () => {
    const reads: Line[] = [
      ['csrrs', { rd: 5, rs1: 0, csr: 0xc02 }],
      ['csrrc', { rd: 5, rs1: 0, csr: 0xc02 }],
      ['csrrsi', { rd: 5, immediate: 0, csr: 0xc02 }],
      ['csrrci', { rd: 5, immediate: 0, csr: 0xc02 }],
    ];
    for (const line of reads) assert.deepEqual(machineWith([line]).step(), { kind: 'budget' });
  });

  const illegal: Line[] = [
    ['csrrw', { rd: 0, rs1: 0, csr: 0xc00 }],
    ['csrrwi', { rd: 0, immediate: 0, csr: 0xc00 }],
    ['csrrs', { rd: 0, rs1: 5, csr: 0xc00 }],
    ['csrrc', { rd: 0, rs1: 5, csr: 0xc00 }],
    ['csrrsi', { rd: 0, immediate: 1, csr: 0xc00 }],
    ['csrrci', { rd: 0, immediate: 1, csr: 0xc00 }],
    ['csrrs', { rd: 5, rs1: 0, csr: 0x300 }],
    ['csrrs', { rd: 5, rs1: 0, csr: 0x004 }],
  ];
  for (const line of illegal) {
    const [mnemonic, operands] = line;
    it(`${mnemonic} of ${operands?.csr?.toString(16)} that ${operands?.csr === 0xc00 ? 'writes' : 'is not there'} is illegal`, () => {
      const stop = machineWith([line]).step();
      assert.ok(stop.kind === 'exception' && stop.exception.cause === 'illegal-instruction');
      assert.match(stop.exception.message, operands?.csr === 0xc00 ? /writes CSR cycle, which is read-only/ : /there is no CSR/);
    });
  }
});

function writeDoubleword(machine: ReturnType<typeof machineWith>, value: bigint): void {
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setBigInt64(0, BigInt.asIntN(64, value), true);
  machine.memory.write(places.data, new Uint8Array(bytes.buffer));
}
