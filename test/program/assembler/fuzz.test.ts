import { strict as assert } from 'node:assert';
import { assemble } from '../../../program/assembler/assemble';
import { randomBelow } from '../../support/random';
import { mutated } from './mutated';

/** Milliseconds of CPU of this process, so that other work on the machine does not count. */
const processTime = () => process.cpuUsage().user / 1000;

describe('the assembler on any input', function () {
  this.timeout(300_000);
  const never = (text: string, path = text.length % 4 < 2 ? '/fuzz.s' : '/fuzz.S') => {
    const started = processTime();
    const { image, diagnostics } = assemble([{ path, text }], {
      callSites: text.length % 2 === 0,
      readFile: (name) => (name.endsWith('again') ? new TextEncoder().encode(text) : undefined),
    });
    const label = () => JSON.stringify(text.slice(0, 2000));
    assert.ok(processTime() - started < 20_000, `took too long: ${label()}`);
    assert.equal(
      image === undefined,
      diagnostics.some(({ severity }) => severity === 'error'),
      label(),
    );
    for (const { line, column, length, message } of diagnostics) {
      assert.ok(line >= 0 && column >= 1 && length >= 1 && message.length > 0, label());
    }
  };

  it('answers mutated sources with diagnostics or a program', () => {
    const random = randomBelow(20261123);
    for (let round = 0; round < 1500; round++) {
      never(mutated(random));
    }
  });

  it('answers random bytes with diagnostics or a program', () => {
    const random = randomBelow(7);
    for (let round = 0; round < 300; round++) {
      never(Array.from({ length: random(200) }, () => String.fromCharCode(random(round % 2 ? 128 : 65536))).join(''));
    }
  });

  it('answers deep nesting, long chains and cycles with diagnostics', () => {
    never(`.word ${'('.repeat(100_000)}1${')'.repeat(100_000)}`);
    never(`.word ${'-'.repeat(100_000)}1`);
    never(`.word ${'1+'.repeat(50_000)}1`);
    never(`l: .word ${'l-l+'.repeat(20_000)}1`);
    never(
      ['l:', ...Array.from({ length: 20_000 }, (_, index) => `.set a${index + 1}, a${index} + l`), '.set a0, a20000', '.word a20000'].join(
        '\n',
      ),
    );
    never('.set a, b\n.set b, a\n.word a\n.skip a\nj a\n.size a, b');
    never('.globl a\n.set a, b + 1\n.set b, a\nla a0, a');
    never('a: .skip b - a\nb: .skip a - b + 8\n');
    never(`${'.if 1\n'.repeat(20_000)}nop`);
    never(`${'.rept 2\n'.repeat(20_000)}nop\n${'.endr\n'.repeat(20_000)}`);
    never('.macro m a\n.rept 3\nm \\a\\a \n.endr\n.endm\nm 1');
    never('.macro m a b\n.macro \\a\nm \\b\\a, \\a\nx: nop\n.endm\n\\a\n.endm\nm x y');
    never('.irpc x, abcdefghij\n.irpc y, abcdefghij\n.irpc z, abcdefghij\nl\\x\\y\\z: .word l\\z\\y\\x\n.endr\n.endr\n.endr');
    for (const text of [
      `#define f(x) x x x\n${'f('.repeat(90)}a${')'.repeat(90)}`,
      `#define f(x) #x #x\n#define g(x) f(x x)\n${'g('.repeat(90)}"\\${')'.repeat(90)}`,
      '#define f(x) g(x x)\n#define g(x) f(x x)\nf(1)',
      `#if ${'('.repeat(100_000)}`,
      `#if ${'1?'.repeat(100_000)}`,
      `#if ${'-'.repeat(100_000)}`,
      `#define f(x) x\n${'f('.repeat(50_000)}`,
      `#define a() a\n${'a()'.repeat(50_000)}`,
      '#define A \\\n'.repeat(50_000),
    ]) {
      never(text, '/fuzz.S');
    }
    never('.bss\n.nop\n.struct 8\n.nop\n');
    never('.skip e - s\ns: nop\n .skip 10 - (e - s)\ne:');
    never('.include "again"\n.include "again"\n', '/fuzz.s');
    never('#include "again"\n#include "again"\n', '/fuzz.S');
  });

  it('bounds the memory that a source can ask for', () => {
    for (const text of [
      '.zero 1 << 60',
      '.data\n.zero 300 << 20',
      '.align 60',
      '.fill 1 << 30, 8, 1',
      '.org 1 << 40',
      '.bss\n.zero 1 << 62',
      '.zero 200 << 20\n.zero 200 << 20',
    ]) {
      const { image, diagnostics } = assemble([{ path: '/large.s', text }]);
      assert.equal(image, undefined, text);
      assert.equal(diagnostics[0]?.severity, 'error', text);
    }
  });
});
