import { strict as assert } from 'node:assert';
import type { Location } from 'vscode-languageserver';
import { documentLinks } from '../../language-server/features/links';
import { declaration, definition, documentHighlight, references } from '../../language-server/features/navigation';
import { fixture, placesIn, textIn } from './fixture';

type Sources = string | Record<string, string>;

function places(sources: Sources, ask: (of: ReturnType<typeof fixture>) => Location[]): string[] {
  const made = fixture(sources);
  return ask(made).map(({ uri, range }) => {
    const document = made.workspace.document(uri)!;
    return `${uri.split('/').at(-1)}:${range.start.line + 1}:${textIn(document, range)}`;
  });
}

const definitions = (sources: Sources) => places(sources, ({ workspace, document, cursor }) => definition(workspace, document, cursor));
const referencesAt = (sources: Sources, withDeclaration = true) =>
  places(sources, ({ workspace, document, cursor }) => references(workspace, document, cursor, withDeclaration));

describe('language server: navigation', () => {
  const cases: [name: string, sources: Sources, expected: string[]][] = [
    ['a label', 'f: ret\n\tcall ‸f', ['main.s:1:f']],
    ['a label of a branch', '\tbeqz a0, .L‸1\n.L1: ret', ['main.s:2:.L1']],
    ['a constant', '.set N, 3\n\tli a0, ‸N', ['main.s:1:N']],
    ['every value of a constant', '.set N, 3\n.set N, 4\n\tli a0, ‸N', ['main.s:1:N', 'main.s:2:N']],
    ['a macro', '.macro push r\n.endm\n\tpu‸sh ra', ['main.s:1:push']],
    ['a macro in other letters', '.macro Push r\n.endm\n\tPU‸SH ra', ['main.s:1:Push']],
    ['a parameter', '.macro push r, s\n\tsd \\‸r, 0(sp)\n.endm', ['main.s:1:r']],
    ['the parameter of the inner macro', '.macro a r\n.macro b r\n\tsd \\‸r, 0(sp)\n.endm\n.endm', ['main.s:2:r']],
    ['a numeric label behind', '1: nop\n1: nop\n\tj 1‸b\n1: nop', ['main.s:2:1']],
    ['a numeric label ahead', '1: nop\n\tj 1‸f\n1: nop\n1: nop', ['main.s:3:1']],
    ['a numeric label in its own line', '1: nop\n1: j 1‸b', ['main.s:2:1']],
    ['a word of the preprocessor', '', []],
    ['a relocation', '\tlui a0, %hi(‸x)\n\t.data\nx: .word 1', ['main.s:3:x']],
    ['a data directive', '.dword ‸f\nf: ret', ['main.s:2:f']],
    ['a symbol in quotes', '"a b": ret\n\tcall "‸a b"', ['main.s:1:a b']],
    ['a register is no symbol', '\tmv a‸0, a1', []],
    ['a label called like a mnemonic', 'add: ret\n\tcall ‸add', ['main.s:1:add']],
    ['another source', { 'main.s': '\tcall pri‸nt', 'print.s': '.globl print\nprint: ret' }, ['print.s:2:print']],
    ['not the local label of another source', { 'main.s': '\tcall pri‸nt', 'print.s': 'print: ret' }, []],
    [
      'its own before that of another source',
      { 'main.s': 'print: ret\n\tcall pri‸nt', 'print.s': '.globl print\nprint: ret' },
      ['main.s:1:print'],
    ],
    ['an included source', { 'main.s': '.include "defs.inc"\n\tli a0, ‸N', 'defs.inc': '.equ N, 3' }, ['defs.inc:1:N']],
    ['a source that includes it', { 'main.s': '.include "sub.inc"\nf: ret', 'sub.inc': '\tcall ‸f' }, ['main.s:2:f']],
    ['a macro of an included source', { 'main.s': '.include "m.inc"\n\tpu‸sh ra', 'm.inc': '.macro push r\n.endm' }, ['m.inc:1:push']],
    ['the name of an included file', { 'main.s': '.include "de‸fs.inc"', 'defs.inc': '' }, ['defs.inc:1:']],
    ['a word of the C preprocessor', { 'main.S': '#define N 3\n\tli a0, ‸N' }, ['main.S:1:N']],
    ['a file of the C preprocessor', { 'main.S': '#include "de‸fs.h"', 'defs.h': '' }, ['defs.h:1:']],
  ];
  for (const [name, sources, expected] of cases) {
    if (sources !== '') it(`goes to the definition of ${name}`, () => assert.deepEqual(definitions(sources), expected));
  }

  it('goes to declarations', () => {
    const source = '.globl f\n.type f, @function\nf: ret\n\tcall ‸f';
    const found = places(source, ({ workspace, document, cursor }) => declaration(workspace, document, cursor));
    assert.deepEqual(found, ['main.s:1:f', 'main.s:2:f']);
  });

  it('finds references, with declarations or without', () => {
    const source = '.globl f\nf: ret\n\tcall ‸f\n\t.dword f\n\t.size f, 2';
    assert.deepEqual(referencesAt(source), ['main.s:1:f', 'main.s:2:f', 'main.s:3:f', 'main.s:4:f', 'main.s:5:f']);
    assert.deepEqual(referencesAt(source, false), ['main.s:3:f', 'main.s:4:f']);
  });

  it('finds references in all sources that share a global name', () => {
    const sources = { 'a.s': '.globl f\n‸f: ret', 'b.s': '\tcall f', 'c.s': 'f: ret\n\tcall f', 'd.s': '\ttail f' };
    assert.deepEqual(referencesAt(sources, false), ['b.s:1:f', 'd.s:1:f']);
  });

  it('keeps programs apart that define the same global name', () => {
    const sources = { 'a.s': '.globl main\n‸main: ret\n\tcall main', 'b.s': '.globl main\nmain: ret\n\tcall main', 'c.s': '\tcall main' };
    assert.deepEqual(referencesAt(sources, false), ['a.s:3:main', 'c.s:1:main']);
  });

  it('finds the references of one numeric label only', () => {
    assert.deepEqual(referencesAt('1: nop\n\tj 1b\n‸1: nop\n\tj 1b\n\tj 1f\n1: nop'), ['main.s:3:1', 'main.s:4:1b']);
  });

  it('highlights a name with how it is used', () => {
    const { workspace, document, cursor } = fixture('f: ret\n\tcall ‸f\n\tcall g');
    const found = documentHighlight(workspace, document, cursor);
    assert.deepEqual(
      found.map(({ range, kind }) => [range.start.line, kind]),
      [
        [0, 3],
        [1, 2],
      ],
    );
  });

  it('highlights a register by all of its names, in its function only', () => {
    const source = '.globl f\nf: mv ‸a0, a1\n\taddi x10, x10, 1\n\tret\n.globl g\ng: mv a0, a1';
    const { workspace, document, cursor } = fixture(source);
    const ranges = documentHighlight(workspace, document, cursor).map(({ range }) => range);
    assert.deepEqual(placesIn(document, ranges), ['2:a0', '3:x10', '3:x10']);
  });

  it('links the files that are named and exist', () => {
    const { workspace, document } = fixture({
      'main.s': '.include "a.inc"\n.incbin "b.bin"\n# .include "a.inc"\n.ascii "a.inc"',
      'a.inc': '',
    });
    const links = documentLinks(workspace, document);
    assert.deepEqual(
      links.map(({ target, range }) => [target, textIn(document, range)]),
      [['file:///project/a.inc', 'a.inc']],
    );
  });
});
