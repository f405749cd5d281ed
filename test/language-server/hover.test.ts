import { strict as assert } from 'node:assert';
import { hover } from '../../language-server/features/hover';
import { lineCode } from '../../language-server/workspace/line-code';
import { symbolAddress } from '../../language-server/workspace/symbol-address';
import { wholeIsa } from '../../riscv/isa-string';
import { fixture } from './fixture';

function hoverText(source: string | Record<string, string>): string {
  const { workspace, document, cursor } = fixture(source);
  const found = hover(workspace, document, cursor, (line) => lineCode(document, line, wholeIsa));
  return found ? (found.contents as { value: string }).value : '';
}

describe('language server: hover', () => {
  const cases: [name: string, source: string, ...expected: RegExp[]][] = [
    [
      'an instruction',
      'f: ad‸di a0, a1, 42',
      /addi rd, rs1, immediate/,
      /`rd = rs1 \+ immediate`/,
      /Extension I, format I/,
      /imm\[11:0\] \| rs1 \| 000 \| rd \| 0010011/,
      /02a58513 {2}addi a0,a1,42/,
    ],
    ['a compressed line', '\tad‸di a0, a0, 1', /0505 {2}c\.addi a0,1/],
    ['a pseudo-instruction', '\tl‸i a0, 0x12345678', /lui a0,0x12345/, /addiw a0,a0,1656/],
    ['a call', '\tca‸ll f\nf: ret', /auipc ra, %pcrel_hi\(symbol\)/, /jalr/],
    [
      'a store',
      '\ts‸d ra, 8(sp)',
      /sd rs2, offset\(rs1\)/,
      /memory64\[rs1 \+ offset\] = rs2/,
      /imm\[11:5\] \| rs2 \| rs1 \| 011 \| imm\[4:0\] \| 0100011/,
    ],
    ['a floating-point instruction', '\tfmadd.d fa0‸, fa1, fa2, fa3', /fa0.*f10/, /return value/],
    ['a register', '\tmv s‸1, a0', /\*\*s1\*\* \(x9\)/, /Saved by the callee/],
    ['a register by number', '\tmv x1‸0, a0', /\*\*a0\*\* \(x10\)/],
    ['a CSR', '\tcsrr t0, msta‸tus', /CSR 0x300, machine mode, read and write/, /\| 12-11 \| MPP \|/],
    ['a directive', '.sec‸tion .rodata', /\.section name/],
    ['a relocation', '\tlui a0, %h‸i(x)', /%hi\(symbol\)/, /upper 20 bits/],
    ['a number', '\tli a0, 6‸5', /0x41/, /0b1000001/, /'A'/],
    [
      'a function',
      '# Doubles a0.\n.globl twice\n.type twice, @function\ntwice:\n\tadd a0, a0, a0\n\tret\n\tcall twi‸ce',
      /twice/,
      /function, line 4/,
      /Doubles a0\./,
    ],
    ['a constant', '.equ SIZE, 4*4 # bytes\n\tli a0, SI‸ZE', /SIZE = 16 {2}\(0x10\)/, /constant, line 1/, /bytes/],
    ['a constant of constants', 'A = 3\nB = A << 2\n\tli a0, ‸B', /B = 12/],
    ['a macro', '.macro push reg\n\taddi sp, sp, -8\n.endm\n\tpu‸sh ra', /\.macro push reg/, /macro, line 1/],
    ['a macro parameter', '.macro push reg\n\tsd \\re‸g, 0(sp)\n.endm', /macro parameter, line 1/],
    ['a numeric label', '1:\tnop\n\tj 1‸b', /numeric label, line 1/],
    ['a symbol that is named like a register', '\t.data\na0:\t.word a‸0', /object, line 2/],
  ];
  for (const [name, source, ...expected] of cases) {
    it(name, () => {
      const text = hoverText(source);
      for (const pattern of expected) assert.match(text, pattern);
    });
  }

  it('tells the file of another source', () => {
    const text = hoverText({ 'lib/print.s': '.globl print\n.type print, @function\n# Prints.\nprint: ret', 'main.s': '\tcall pri‸nt' });
    assert.match(text, /function, lib\/print\.s, line 4/);
    assert.match(text, /Prints\./);
  });

  it('tells where a label is in memory, as F5 runs the source', () => {
    const { workspace, document, cursor } = fixture('.globl _start\n_start: nop\nagain: j ag‸ain\n');
    const addressOf = (of: typeof document, name: string) => symbolAddress(workspace, of, name, wholeIsa);
    const found = hover(workspace, document, cursor, () => undefined, addressOf);
    assert.match((found?.contents as { value: string }).value, /again = 0x1[\da-f]{4}/);
  });

  it('has nothing to say of a comment', () => {
    assert.equal(hoverText('# ad‸di'), '');
    assert.equal(hoverText('/* add‸i\n */'), '');
  });
});
