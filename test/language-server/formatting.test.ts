import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatting, formattingOnEnter } from '../../language-server/features/formatting';
import { assemble } from '../../program/assembler/assemble';
import { edited, fixture } from './fixture';

const spaces = { tabSize: 4, insertSpaces: true, operandColumn: 12, commentColumn: 32 };
const tabs = { tabSize: 8, insertSpaces: false, operandColumn: 16, commentColumn: 40 };

function formatted(text: string, options = spaces): string {
  const { document } = fixture(text);
  return edited(document, formatting(document, options));
}

describe('language server: formatting', () => {
  const cases: [name: string, source: string, expected: string][] = [
    ['puts operands in a column', 'f:\n add a0,a1,a2\n  jalr   0(a0)', 'f:\n    add     a0, a1, a2\n    jalr    0(a0)'],
    ['leaves long mnemonics one blank', ' fcvt.s.lu fa0,a0', ' fcvt.s.lu fa0,a0'.replace(' fcvt.s.lu fa0,a0', '    fcvt.s.lu fa0, a0')],
    ['keeps a label and its instruction in one line', 'f: add a0,a0,a0', 'f:  add     a0, a0, a0'],
    [
      'aligns comments of neighbours',
      ' nop # a\n add a0,a1,a2 # b',
      '    nop                         # a\n    add     a0, a1, a2          # b',
    ],
    [
      'lets a long line move the comments of its block',
      ' addi a0, a0, VERY_LONG_CONSTANT # a\n nop # b\n\n nop # c',
      '    addi    a0, a0, VERY_LONG_CONSTANT  # a\n    nop                                 # b\n\n    nop                         # c',
    ],
    ['keeps comments that stand alone', '# a\n   # b\n nop', '# a\n   # b\n    nop'],
    ['keeps what is in texts and comments', ' .ascii "a  ,b" #  c  d', '    .ascii  "a  ,b"             #  c  d'],
    ['keeps operands of directives', '.word 1,2,  3\n .word 4,5', '.word       1,2,  3\n    .word   4,5'],
    ['keeps operands of macros, where blanks separate', '\tmy_macro a  b,c', '    my_macro a  b,c'],
    [
      'keeps block comments and their neighbours',
      ' nop /* a\n   b */ nop\n add a0,a0,a0',
      ' nop /* a\n   b */ nop\n    add     a0, a0, a0',
    ],
    ['takes blanks from the ends of lines', ' nop  \n\t\n', '    nop\n\n'],
    ['keeps several statements in a line', ' nop;nop ;add a0,a1,a2', '    nop; nop; add a0, a1, a2'],
    ['leaves directives in the first column', '.text\n.globl f\n\t.align 2', '.text\n.globl      f\n    .align  2'],
    ['leaves what it cannot read', ' .ascii "open\n add a0,a1,a2', ' .ascii "open\n    add     a0, a1, a2'],
  ];
  for (const [name, source, expected] of cases) it(name, () => assert.equal(formatted(source), expected));

  it('keeps directives of the C preprocessor', () => {
    const source = '#define  F(x)  \\\n   add a0,a0,x\n  F(a1)';
    const { document } = fixture({ 'main.S': source });
    assert.equal(
      edited(document, formatting(document, spaces)).split('\n').slice(0, 2).join('\n'),
      source.split('\n').slice(0, 2).join('\n'),
    );
  });

  it('uses tabs where the editor does', () => {
    assert.equal(formatted('f: add a0,a1,a2 # x\n nop # y', tabs), 'f:\tadd\ta0, a1, a2\t\t# x\n\tnop\t\t\t\t# y');
  });

  it('changes only the lines of a range', () => {
    const { document } = fixture(' add a0,a1,a2\n add a0,a1,a2\n add a0,a1,a2');
    const range = { start: { line: 1, character: 0 }, end: { line: 2, character: 0 } };
    assert.equal(edited(document, formatting(document, spaces, range)), ' add a0,a1,a2\n    add     a0, a1, a2\n add a0,a1,a2');
  });

  it('formats the line that Enter ends', () => {
    const { document } = fixture(' add a0,a1,a2\n');
    assert.equal(edited(document, formattingOnEnter(document, 1, spaces)), '    add     a0, a1, a2\n');
  });

  const samples = join(__dirname, '../../samples');
  for (const name of readdirSync(samples).filter((each) => each.endsWith('.s'))) {
    const text = readFileSync(join(samples, name), 'utf8');
    for (const options of [spaces, tabs]) {
      it(`keeps the bytes of ${name} and is stable, ${options.insertSpaces ? 'spaces' : 'tabs'}`, () => {
        const once = formatted(text, options);
        assert.equal(formatted(once, options), once);
        assert.deepEqual(programOf(once), programOf(text));
      });
    }
  }
});

function programOf(text: string): Uint8Array {
  const { image, diagnostics } = assemble([{ path: 'x.s', text }]);
  assert.ok(image, diagnostics.map(({ message }) => message).join('\n'));
  return image;
}
