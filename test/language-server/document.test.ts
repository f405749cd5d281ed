import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssemblyDocument } from '../../language-server/document/assembly-document';
import { keyOf } from '../../language-server/document/occurrence';
import { outlineOf } from '../../language-server/document/outline';
import { Random } from '../support/random';

const sample = readFileSync(join(__dirname, '../../samples/sort.s'), 'utf8');

/** Everything that a document knows, as text. */
function stateOf(document: AssemblyDocument): string {
  const lines = document.lines.map(({ text, number, state }) => `${number} ${state} ${text}`);
  const names = document.lines
    .flatMap(({ parsed }) => parsed.occurrences.map(keyOf))
    .filter((key, index, all) => all.indexOf(key) === index)
    .sort()
    .map((key) => `${key}: ${document.index.all(key).map(({ line, occurrence }) => `${line.number}:${occurrence.start}`)}`);
  const defined = [...document.index.definedKeys].sort();
  const outline = outlineOf(document).map(({ name, kind, start, end }) => `${kind} ${name} ${start}-${end}`);
  return [...lines, ...names, ...defined, ...outline].join('\n');
}

const pieces = [
  ...['f:', '1:', 'j 1b', '\tadd a0, a1, a2', '\n', '\r\n', '/*', '*/', '"', '# x', '// y', '.macro m a', '.endm', '\\a', '.equ N, 3', ';'],
  ...[
    '.globl f',
    '.type f, @function',
    '.size f, .-f',
    '.text',
    '.data',
    '#define X \\',
    '#include "a.h"',
    "'",
    '\u{1f600}',
    'é',
    '\t',
    ' ',
  ],
];

describe('language server: documents', () => {
  for (const uri of ['file:///a.s', 'file:///a.S']) {
    it(`are the same after 10,000 edits as when opened anew (${uri.slice(-2)})`, function () {
      this.timeout(300_000);
      const random = new Random(uri.length + uri.charCodeAt(uri.length - 1));
      let document = new AssemblyDocument(uri, sample.slice(0, 1200), 1);
      for (let count = 0; count < 10_000; count++) {
        document.change([randomChange(document, random)], count + 2);
        if (count % 50 === 0) {
          const fresh = new AssemblyDocument(uri, document.text, 1);
          assert.equal(stateOf(document), stateOf(fresh), `after ${count + 1} edits`);
        }
        // So that the text stays about as long as it was.
        if (document.lines.length > 120) document = new AssemblyDocument(uri, document.text.slice(0, 1200), count);
      }
    });
  }

  it('take several changes in one notification, each on what the one before has left', () => {
    const document = new AssemblyDocument('file:///a.s', 'one\ntwo', 1);
    const at = (line: number, start: number, end: number) => ({ start: { line, character: start }, end: { line, character: end } });
    document.change(
      [
        { range: at(0, 0, 3), text: '1\n1.5' },
        { range: at(2, 0, 3), text: '2' },
        { range: at(1, 1, 3), text: '' },
      ],
      2,
    );
    assert.equal(document.text, '1\n1\n2');
  });

  it('take a change without a range for the whole text, and places outside of the text for the nearest inside', () => {
    const document = new AssemblyDocument('file:///a.s', 'one', 1);
    document.change([{ text: 'a\nb' }], 2);
    document.change([{ range: { start: { line: 9, character: 9 }, end: { line: 99, character: 0 } }, text: 'c' }], 3);
    assert.equal(document.text, 'a\nbc');
  });

  it('know code from comments after a comment is opened and closed far above', () => {
    const document = new AssemblyDocument('file:///a.s', 'nop\nf: ret\n*/\ng: ret', 1);
    const start = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    document.change([{ range: start, text: '/*' }], 2);
    assert.deepEqual([document.index.isDefined('f'), document.index.isDefined('g')], [false, true]);
    document.change([{ range: { ...start, end: { line: 0, character: 2 } }, text: '' }], 3);
    assert.deepEqual([document.index.isDefined('f'), document.index.isDefined('g')], [true, true]);
  });
});

function randomChange(document: AssemblyDocument, random: Random) {
  const startLine = random.below(document.lines.length);
  const start = { line: startLine, character: random.below(document.line(startLine)!.text.length + 1) };
  const endLine = random.below(8) === 0 ? Math.min(startLine + random.below(4), document.lines.length - 1) : startLine;
  const limit = document.line(endLine)!.text.length;
  const first = endLine === startLine ? start.character : 0;
  const end = { line: endLine, character: Math.min(first + (random.below(2) === 0 ? 0 : random.below(6)), limit) };
  return {
    range: { start, end },
    text: random.below(4) === 0 ? '' : random.pick(pieces) + (random.below(3) === 0 ? random.pick(pieces) : ''),
  };
}
