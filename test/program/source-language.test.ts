import assert from 'node:assert/strict';
import { isProgramSource, languageOf } from '../../program/source-language';

describe('source languages', () => {
  for (const [path, language, isProgram] of [
    ['a.s', 'assembly', true],
    ['a.S', 'assembly', true],
    ['a.asm', 'assembly', true],
    ['a.inc', 'assembly', false],
    ['a.c', 'c', true],
    ['a.h', 'c', false],
    ['a.cpp', 'cpp', true],
    ['a.cc', 'cpp', true],
    ['a.cxx', 'cpp', true],
    ['a.C', 'cpp', true],
    ['a.hpp', 'cpp', false],
    ['a.elf', undefined, false],
    ['s', undefined, false],
    ['a.s.txt', undefined, false],
  ] as const) {
    it(`${path} is ${language ?? 'none'}${isProgram ? ', a program' : ''}`, () => {
      assert.equal(languageOf(path), language);
      assert.equal(isProgramSource(path), isProgram);
    });
  }
});
