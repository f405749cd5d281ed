import { strict as assert } from 'node:assert';
import { linkedEditingRanges } from '../../language-server/features/linked-editing';
import { prepareRename, rename } from '../../language-server/features/rename';
import { edited, fixture, placesIn, textIn } from './fixture';

function renamed(sources: string | Record<string, string>, newName: string): Record<string, string> {
  const { workspace, document, cursor } = fixture(sources);
  const { changes } = rename(workspace, document, cursor, newName);
  return Object.fromEntries(
    Object.entries(changes ?? {}).map(([uri, edits]) => [uri.split('/').at(-1)!, edited(workspace.document(uri)!, edits)]),
  );
}

describe('language server: rename', () => {
  it('a label everywhere it is named', () => {
    const source = '.globl f\n.type f, @function\nf: beqz a0, 1f # f\n\tcall ‸f\n1: ret\n.size f, .-f';
    assert.deepEqual(renamed(source, 'go'), {
      'main.s': '.globl go\n.type go, @function\ngo: beqz a0, 1f # f\n\tcall go\n1: ret\n.size go, .-go',
    });
  });

  it('a global name in all sources', () => {
    const sources = { 'a.s': '.globl f\n‸f: ret', 'b.s': '\tcall f', 'c.s': 'f: ret' };
    assert.deepEqual(renamed(sources, 'g'), { 'a.s': '.globl g\ng: ret', 'b.s': '\tcall g' });
  });

  it('a numeric label and what means it, keeping the direction', () => {
    assert.deepEqual(renamed('1: nop\n\tj 1f\n‸1: j 1b\n\tj 1b\n1: nop', '7'), { 'main.s': '1: nop\n\tj 7f\n7: j 7b\n\tj 7b\n1: nop' });
  });

  it('a macro and its calls, in any letters', () => {
    assert.deepEqual(renamed('.macro push r\n.endm\n\tpu‸sh ra\n\tPUSH s0\n.purgem push', 'save'), {
      'main.s': '.macro save r\n.endm\n\tsave ra\n\tsave s0\n.purgem save',
    });
  });

  it('a parameter within its macro', () => {
    assert.deepEqual(renamed('.macro a r\n\tsd \\‸r, 0(sp)\n.endm\n.macro b r\n\tld \\r, 0(sp)\n.endm', 'reg'), {
      'main.s': '.macro a reg\n\tsd \\reg, 0(sp)\n.endm\n.macro b r\n\tld \\r, 0(sp)\n.endm',
    });
  });

  it('a constant', () => {
    assert.deepEqual(renamed('N = 3\n.if N > 2\n\tli a0, ‸N*2\n.endif', 'COUNT'), {
      'main.s': 'COUNT = 3\n.if COUNT > 2\n\tli a0, COUNT*2\n.endif',
    });
  });

  const refused: [name: string, source: string, newName: string, message: RegExp][] = [
    ['a register', '\tmv ‸a0, a1', 'x', /no symbol here/],
    ['what is defined nowhere', '\tcall ‸f', 'g', /not defined in these sources/],
    ['to a name that is taken', 'f: ret\ng: ret\n\tcall ‸f', 'g', /already defined in line 2/],
    ['to a register', '‸f: ret', 'a0', /the name of a register/],
    ['to no name', '‸f: ret', '1x', /is not a name/],
    ['a numeric label to a word', '‸1: ret', 'one', /not a number/],
    ['a macro to an instruction', '.macro ‸m\n.endm', 'add', /the name of an instruction/],
    ['a section', '.section ‸.rodata', '.x', /is a section/],
  ];
  for (const [name, source, newName, message] of refused) {
    it(`not ${name}`, () => {
      const { workspace, document, cursor } = fixture(source);
      assert.throws(() => rename(workspace, document, cursor, newName), message);
    });
  }

  it('says beforehand what will be renamed', () => {
    const { workspace, document, cursor } = fixture('fun: ret\n\tcall f‸un');
    assert.equal(textIn(document, prepareRename(workspace, document, cursor)), 'fun');
  });

  it('edits a local name in all places at once, from its definition', () => {
    const { workspace, document, cursor } = fixture('lo‸op: addi a0, a0, -1\n\tbnez a0, loop');
    assert.deepEqual(placesIn(document, linkedEditingRanges(workspace, document, cursor)!.ranges), ['1:loop', '2:loop']);
    const reference = fixture('loop: addi a0, a0, -1\n\tbnez a0, lo‸op');
    assert.equal(linkedEditingRanges(reference.workspace, reference.document, reference.cursor), undefined);
  });
});
