import { strict as assert } from 'node:assert';
import {
  SemanticTokensHistory,
  semanticTokens,
  tokenEdits,
  tokenModifiers,
  tokenTypes,
} from '../../language-server/features/semantic-tokens';
import { randomBelow } from '../support/random';
import { fixture } from './fixture';

/** `text:type` of each token, with its modifiers. */
function tokens(source: string | Record<string, string>): string[] {
  const { workspace, document } = fixture(source);
  const data = semanticTokens(workspace, document);
  const shown: string[] = [];
  let line = 0;
  let start = 0;
  for (let at = 0; at < data.length; at += 5) {
    const [lines, starts, length, type, modifiers] = data.slice(at, at + 5) as [number, number, number, number, number];
    line += lines;
    start = lines === 0 ? start + starts : starts;
    const text = document.line(line)!.text.slice(start, start + length);
    const named = tokenModifiers.filter((_, bit) => (modifiers >> bit) & 1).map((name) => ` ${name}`);
    shown.push(`${text}:${tokenTypes[type]}${named.join('')}`);
  }
  return shown;
}

describe('language server: semantic tokens', () => {
  it('tell what each word is', () => {
    const source =
      '.equ N, 3\n.globl f\n.type f, @function\nf:\tli a0, N # three\n\tcsrr t0, mstatus\n1:\tbnez a0, 1b\n\tla a1, text\n\tcall f\n.data\ntext: .asciz "x"';
    assert.deepEqual(tokens(source), [
      '.equ:keyword',
      'N:enumMember definition',
      '3:number',
      '.globl:keyword',
      'f:function declaration',
      '.type:keyword',
      'f:function declaration',
      'function:modifier',
      'f:function definition',
      'li:keyword',
      'a0:register',
      'N:enumMember',
      '# three:comment',
      'csrr:keyword',
      't0:register',
      'mstatus:controlRegister',
      '1:label definition',
      'bnez:keyword',
      'a0:register',
      '1b:label',
      'la:keyword',
      'a1:register',
      'text:variable',
      'call:keyword',
      'f:function',
      '.data:keyword',
      'text:variable definition',
      '.asciz:keyword',
      '"x":string',
    ]);
  });

  it('know macros and their parameters', () => {
    assert.deepEqual(
      tokens('.macro push reg\n\tsd \\reg, 0(sp)\n.endm\n\tpush ra'),
      [
        '.macro:keyword',
        'push:macro definition',
        'reg:parameter definition',
        'sd:keyword',
        '\\:operator',
        'reg:parameter',
        '0:number',
        'sp:register',
        '.endm:keyword',
        'push:macro',
        'ra:modifier',
      ]
        .filter((each) => each !== 'ra:modifier')
        .concat(['ra:function']),
    );
  });

  it('of a range are those of its lines', () => {
    const { workspace, document } = fixture('\tnop\n\tadd a0, a1, a2\n\tnop');
    const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 99 } };
    assert.deepEqual(semanticTokens(workspace, document, range).slice(0, 3), [1, 1, 3]);
  });

  it('never overlap and stay in order', () => {
    const { workspace, document } = fixture('/* a */ f: add a0, a1, a2 /* b */\n/* c\n d */ nop; nop # e');
    const data = semanticTokens(workspace, document);
    for (let at = 5; at < data.length; at += 5) if (data[at] === 0) assert.ok(data[at + 1]! >= data[at - 3]!, 'overlap');
  });

  it('differences turn one answer into the next', () => {
    const below = randomBelow(7);
    for (let round = 0; round < 500; round++) {
      const before = Array.from({ length: below(30) }, () => below(4));
      const after = [...before];
      after.splice(below(after.length + 1), below(5), ...Array.from({ length: below(5) }, () => below(4)));
      const applied = [...before];
      for (const { start, deleteCount, data } of tokenEdits(before, after)) applied.splice(start, deleteCount, ...(data ?? []));
      assert.deepEqual(applied, after);
    }
  });

  it('are sent whole where the client asks for a difference to something else', () => {
    const history = new SemanticTokensHistory();
    const { resultId } = history.full('a', [1, 2, 3]);
    assert.deepEqual(history.delta('a', resultId!, [1, 2, 4]), { resultId: '2', edits: [{ start: 2, deleteCount: 1, data: [4] }] });
    assert.deepEqual(history.delta('a', 'other', [1]), { resultId: '3', data: [1] });
  });
});
