import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mnemonics } from '../../riscv/pseudo-instructions';
import { riscvGrammar } from '../../scripts/riscv-grammar';
import { Tokenizer } from './tokenize';

const syntaxes = join(__dirname, '../../syntaxes');

describe('the grammar of RISC-V assembly', () => {
  it('is what scripts/generate-grammar.ts makes of the tables', () => {
    const committed = readFileSync(join(syntaxes, 'riscv-asm.tmLanguage.json'), 'utf8');
    assert.equal(committed, `${JSON.stringify(riscvGrammar(), undefined, 2)}\n`, 'run npx tsx scripts/generate-grammar.ts');
  });

  it('knows every mnemonic of the assembler', () => {
    for (const name of mnemonics) {
      const [token] = scopes(`${name} a0`);
      assert.ok(token === `${name}: keyword.mnemonic` || token === `${name}: keyword.control.flow`, token);
    }
  });

  // biome-ignore format: one line of assembly per line.
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['loop: addi sp, sp, -16 # grow', ['loop: entity.name.function.label', ':: punctuation.separator.label', 'addi: keyword.mnemonic', 'sp: variable.language.register', ',: punctuation.separator', 'sp: variable.language.register', ',: punctuation.separator', '-: keyword.operator', '16: constant.numeric.decimal', '# grow: comment.line.number-sign']],
    ['1: bnez a0, 1b // again', ['1: entity.name.label.local', ':: punctuation.separator.label', 'bnez: keyword.control.flow', 'a0: variable.language.register', ',: punctuation.separator', '1b: constant.other.reference.local', '// again: comment.line.double-slash']],
    ['call fib; ret', ['call: keyword.control.flow', 'fib: entity.name.function', 'ret: keyword.control.flow']],
    ['call add', ['call: keyword.control.flow', 'add: entity.name.function']],
    ['csrr a0, time', ['csrr: keyword.mnemonic', 'a0: variable.language.register', ',: punctuation.separator', 'time: variable.language.csr']],
    ['la a0, time', ['la: keyword.mnemonic', 'a0: variable.language.register', ',: punctuation.separator', 'time: variable.other.symbol']],
    ['lui t0, %hi(table+0x10)', ['lui: keyword.mnemonic', 't0: variable.language.register', ',: punctuation.separator', '%hi: support.function.relocation', 'table: variable.other.symbol', '+: keyword.operator', '0x10: constant.numeric.hex']],
    ['amoadd.w.aqrl a0, a1, (a2)', ['amoadd.w.aqrl: keyword.mnemonic', 'a0: variable.language.register', ',: punctuation.separator', 'a1: variable.language.register', ',: punctuation.separator', 'a2: variable.language.register']],
    ['.type fib, @function', ['.type: keyword.other.directive', 'fib: variable.other.symbol', ',: punctuation.separator', '@function: storage.type']],
    ['.Lend: .byte 0b101, \'a\', .Lend', ['.Lend: entity.name.function.label', ':: punctuation.separator.label', '.byte: keyword.other.directive', '0b101: constant.numeric.binary', ',: punctuation.separator', "'a': constant.character", ',: punctuation.separator', '.Lend: variable.other.symbol']],
    ['.ascii "a # \\n\\"b" ; nop', ['.ascii: keyword.other.directive', '"a # : string.quoted.double', '\\n\\": constant.character.escape', 'b": string.quoted.double', 'nop: keyword.mnemonic']],
    ['#define SIZE 16', ['#define: keyword.control.directive', '16: constant.numeric.decimal']],
    ['#include <asm/regdef.h>', ['#include: keyword.control.directive', '<asm/regdef.h>: string.quoted.other']],
    ['# if n < 2', ['# if n < 2: comment.line.number-sign']],
    ['size = 4 * 2', ['size: variable.other.constant', '=: keyword.operator.assignment', '4: constant.numeric.decimal', '*: keyword.operator', '2: constant.numeric.decimal']],
    ['fadd.d fa0, fa1, fa2', ['fadd.d: keyword.mnemonic', 'fa0: variable.language.register', ',: punctuation.separator', 'fa1: variable.language.register', ',: punctuation.separator', 'fa2: variable.language.register']],
    ['add a0, a0, x31 /* one */ # two', ['add: keyword.mnemonic', 'a0: variable.language.register', ',: punctuation.separator', 'a0: variable.language.register', ',: punctuation.separator', 'x31: variable.language.register', '/* one */: comment.block', '# two: comment.line.number-sign']],
  ];
  for (const [line, expected] of cases) it(`reads ${line}`, () => assert.deepEqual(scopes(line), expected));

  it('gives the words of whole programs the scopes that are marked in them', () => {
    const { status, stdout } = spawnSync(
      'npx',
      ['--no-install', 'vscode-tmgrammar-test', '-g', join(syntaxes, 'riscv-asm.tmLanguage.json'), join(__dirname, 'grammar/*.s')],
      { encoding: 'utf8' },
    );
    assert.equal(status, 0, stdout);
  });

  it('carries block comments and continued preprocessor lines over lines', () => {
    const tokenizer = new Tokenizer(riscvGrammar());
    const second = (first: string, line: string) => {
      tokenizer.line(first);
      return tokenizer.line(line).map(({ scope }) => scope);
    };
    assert.deepEqual(second('nop /* begins', 'nop */'), ['comment.block']);
    assert.deepEqual(second('ret', 'nop'), ['keyword.mnemonic']);
    assert.deepEqual(second('#define TWO \\', 'nop'), ['meta.preprocessor']);
    assert.deepEqual(second('.string "not closed', 'nop'), ['keyword.mnemonic']);
  });
});

describe('the language configuration of RISC-V assembly', () => {
  const configuration = JSON.parse(readFileSync(join(syntaxes, 'riscv-asm.configuration.json'), 'utf8'));

  it('takes names with dots as one word', () => {
    const words = '  amoadd.w.aq a0, a1, .Lx+12 # $d'.match(new RegExp(configuration.wordPattern, 'g'));
    assert.deepEqual(words, ['amoadd.w.aq', 'a0', 'a1', '.Lx', '12', '$d']);
  });

  it('has comments that the assembler knows', () => {
    assert.deepEqual(configuration.comments, { lineComment: '#', blockComment: ['/*', '*/'] });
  });
});

function scopes(line: string): string[] {
  return new Tokenizer(riscvGrammar())
    .line(line)
    .filter(({ scope, text }) => text.trim() && scope && scope !== 'meta.preprocessor')
    .map(({ text, scope }) => `${text}: ${scope}`);
}
