import assert from 'node:assert/strict';
import { definesStart } from '../../../program/build/defines-start';

const main = 'int main(void) { return 0; }';

describe('Whether a C source has its own start', () => {
  const sources: [text: string, own: boolean][] = [
    [main, false],
    [`/* _start: calls this */ ${main}`, false],
    [`extern char _start[]; ${main}`, false],
    [`void f(void) { puts("_start: none"); } ${main}`, false],
    [`void f(void) { asm("j f"); puts("at _start"); } ${main}`, false],
    ['void _start(void) { }', true],
    [`__attribute__((naked)) void _start(void) { } ${main}`, true],
    [`__asm__(".globl _start\\n_start:\\n call main"); ${main}`, true],
    [`asm("_start: call main"); ${main}`, true],
    [`asm(\n"\\t.globl _start;"\n"_start :"); ${main}`, true],
    ['START(_start) { }', true],
    ['', false],
  ];
  for (const [text, own] of sources) {
    it(`${own ? 'yes' : 'no'}: ${text.split('\n').join(' ') || 'nothing'}`, () => assert.equal(definesStart(text), own));
  }
});
