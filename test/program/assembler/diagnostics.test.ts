import { strict as assert } from 'node:assert';
import { assemble } from '../../../program/assembler/assemble';

const messages = (...texts: string[]) =>
  assemble(texts.map((text, index) => ({ path: index === 0 ? '/a.s' : `/${index}.s`, text: `${text}\n` })))
    .diagnostics.filter(({ message }) => !message.includes("'_start'"))
    .map(
      ({ path, line, column, length, severity, message }) =>
        `${path === '/a.s' ? '' : path}${line}:${column}+${length} ${severity}: ${message}`,
    );

describe('messages of the assembler', () => {
  const table: [text: string, ...expected: string[]][] = [
    ['adi a0, a0, 1', "1:1+3 error: unknown instruction 'adi': did you mean 'addi'?"],
    ['ADDI a0, a0, 1'],
    ['ADDJ a0, a0, 1', "1:1+4 error: unknown instruction 'ADDJ': did you mean 'addi'?"],
    ['add a0, a1, a2 a3', "1:16+2 error: expected ',' or the end of the statement, not 'a3'"],
    ['frobnicate a0', "1:1+10 error: unknown instruction 'frobnicate'"],
    ['.globel x', "1:1+7 error: unknown directive '.globel': did you mean '.globl'?"],
    ['.macros', "1:1+7 error: unknown directive '.macros': did you mean '.macro'?"],
    ['  addi a0, a0, 5000', '1:16+4 error: immediate 5000 is out of range -2048..2047'],
    ['add a0, a1, 5000', '1:13+4 error: immediate 5000 is out of range -2048..2047'],
    ['slli a0, a0, 64', '1:14+2 error: immediate 64 is out of range 0..63'],
    ['lui a0, 0x100000', '1:9+8 error: immediate 1048576 is out of range 0..1048575'],
    ['lw a0, 2048(sp)', '1:8+8 error: offset 2048 is out of range -2048..2047'],
    ['c.addi a0, 32', '1:12+2 error: immediate 32 is out of range -32..31'],
    ['c.lw t0, 0(a0)', '1:6+2 error: t0 cannot be used here: only s0, s1 and a0-a5'],
    ['addi a0, a9, 1', '1:10+2 error: expected a register'],
    ['add a0, a1, "x', '1:13+2 error: this string is not closed'],
    ['add a0, a1', "1:1+3 error: 'add' takes 3 operands, not 2"],
    ['ret a0', "1:1+3 error: 'ret' takes no operands, not 1"],
    ['lw a0, 4(5)', "1:8+4 error: expected an address such as '8(sp)' or a symbol"],
    ['addi a0, a0,', '1:13+1 error: expected an expression here'],
    ['addi a0, a0, 1 2', "1:16+1 error: expected the end of the statement, not '2'"],
    ['.word (1 + 2', "1:13+1 error: expected ')' here"],
    ['.word 1 +', '1:9+1 warning: the operand after this is missing: 0 is taken'],
    ['.word 1 / 0', '1:9+1 warning: division by zero: 1 is taken'],
    ['.word 12ab', "1:7+4 error: '12ab' is not a number"],
    ['.word 0x10000000000000000', '1:7+19 warning: this number does not fit in 64 bits: its lowest are taken'],
    ['.byte 300', '1:7+3 warning: 0x12c does not fit in 1 byte: 0x2c is taken'],
    ['.string "abc', '1:9+4 error: this string is not closed'],
    ['.print "hello"', '1:1+6 note: hello'],
    ['.stabs "x",1,0,0,0', '1:1+6 warning: this directive has no effect: debug information in the format stabs is not written'],
    ['.nops 4', "1:1+5 error: unknown directive '.nops': did you mean '.nop'?"],
    ['j nowhere', "1:3+7 error: undefined symbol 'nowhere'"],
    ['.word nowhere + 4', "1:7+11 error: undefined symbol 'nowhere'"],
    ['j 1f', "1:3+2 error: there is no label '1:' after this line"],
    ['j 1b', "1:3+2 error: there is no label '1:' before this line"],
    ['a: nop\na: nop', "2:1+1 error: 'a' is already defined in line 1"],
    ['.equiv a, 1\n.equiv a, 2', "2:8+1 error: 'a' is already defined in line 1"],
    ['.set a, b\n.set b, a\n.word a', "1:9+1 error: the definition of 'b' leads back to itself"],
    ['a: .word a * 2', "1:12+1 error: '*' needs numbers, not addresses"],
    ['a: addi a0, a0, a', '1:17+1 error: an address cannot stand here: take a part of it with %lo or %pcrel_lo'],
    ['a: li a0, a', "1:11+1 error: 'li' needs a number that is known at this line; for an address use 'la'"],
    ['addi a0, a0, %hi(a)', '1:14+6 error: %hi cannot be used here, only %lo, %pcrel_lo, %tprel_lo'],
    ['a: addi a0, a0, %pcrel_lo(a)', '1:17+12 error: %pcrel_lo takes the label of an instruction with %pcrel_hi'],
    ['.bss\n.word 1', "2:7+1 error: '.bss' holds no bytes in the file: only zeros can be put there"],
    ['.bss\nnop', "2:1+3 error: '.bss' holds no bytes in the file: no instruction can be put there"],
    ['.align 60', '1:8+2 error: alignment as a power of 2 60 is out of range 0..16'],
    ['.balign 3', '1:9+1 error: alignment 3 is not a power of 2'],
    ['.zero 1 << 60', '1:7+7 error: 1152921504606846976 bytes are more than the limit of 2147483648'],
    ['nop\n.org 0', '2:6+1 error: .org cannot move backwards'],
    ['.section x, "q"', '1:13+3 error: section flags are letters of a, w, x, M, S, G, T, o, R, e, not \'"q"\''],
    ['.popsection', '1:1+11 warning: .popsection without a .pushsection before it has no effect'],
    [
      '.option rv',
      "1:9+2 warning: expected one of rvc, norvc, relax, norelax, pic, nopic, push, pop, arch, csr-check, no-csr-check, not 'rv': it is ignored",
    ],
    ['.option norvc\nc.nop', "2:1+5 error: 'c.nop' needs the extension C, which RV64G has not"],
    ['.type f, @functoin', "1:11+8 error: expected a symbol type such as @function or @object, not 'functoin'"],
    ['.cfi_endproc', '1:1+12 error: this needs a .cfi_startproc before it'],
    ['.cfi_startproc', '1:1+14 error: this .cfi_startproc has no .cfi_endproc'],
    ['nop /* never', '1:5+2 error: this comment is not closed'],
    ['nop }', "1:1+3 error: 'nop' takes no operands, not 1"],
    ['nop\n`', "2:1+1 error: the character '`' has no meaning here"],
    ['csrr a0, nonsense', '1:10+8 error: expected the name or number of a CSR'],
    ['fence x, y', "1:7+1 error: expected a set of 'iorw'"],
  ];
  for (const [text, ...expected] of table) {
    it(JSON.stringify(text), () => assert.deepEqual(messages(text), expected));
  }

  const blocks: [text: string, ...expected: string[]][] = [
    ['.if 1', '1:1+3 error: this has no .endif'],
    ['.if 0\nadi', '1:1+3 error: this has no .endif'],
    ['.endif', '1:1+6 error: .endif without an .if before it'],
    ['.else', '1:1+5 error: .else without an .if before it'],
    ['.elseif 1', '1:1+7 error: .elseif without an .if before it'],
    ['.if 1\n.else\n.else\n.endif', '3:1+5 error: the .if in line 1 has its .else already'],
    ['.if 1\n.else x\n.endif', "2:7+1 error: expected the end of the statement, not 'x'"],
    ['.if x\nadi\n.endif', '1:5+1 error: the condition must be a number that is known at this line'],
    ['.ifdef\n.endif', '1:7+1 error: expected the name of a symbol here'],
    ['.ifc a\n.endif', '1:1+4 error: expected two texts with a comma between them'],
    ['.ifeqs "a", b\n.endif', "1:13+1 error: expected a string, not 'b'"],
    ['.if 0\nconstructor\n.endif'],
    ['.macro m', '1:1+6 error: this .macro has no .endm'],
    ['.macro\n.endm', '1:1+6 error: expected the name of a macro'],
    ['.macro m 1\n.endm', "1:1+6 error: expected the name of a parameter of the macro 'm', not '1'"],
    ['.macro m a a\n.endm', "1:1+6 error: the macro 'm' has two parameters 'a'"],
    ['.macro m a:vararg b\n.endm', "1:1+6 error: the macro 'm' has a parameter after 'a', which takes all the rest"],
    ['.macro m a:opt\n.endm', "1:1+6 error: a parameter can be ':req' or ':vararg', not ':opt'"],
    ['.macro m\n.endm\n.macro M\n.endm', "3:1+6 error: the macro 'M' is already defined: '.purgem M' forgets it"],
    ['.macro .word\n.endm\n.word 1', "1:1+6 warning: '.word' is a directive and cannot be made a macro"],
    ['.endm', '1:1+5 warning: .endm without a .macro before it'],
    ['.endr', '1:1+5 warning: .endr without a .rept, .irp or .irpc before it'],
    ['.exitm', '1:1+6 warning: .exitm outside of a macro has no effect'],
    ['.purgem m', "1:9+1 warning: there is no macro 'm'"],
    ['.rept 2\nnop', '1:1+5 error: this .rept has no .endr'],
    ['.rept x\nnop\n.endr', '1:7+1 error: the count must be a number that is known at this line'],
    ['.rept -1\nnop\n.endr', '1:1+5 error: the count -1 is negative'],
    ['.irp\n.endr', '1:1+4 error: expected the name of a parameter'],
    ['.macro m a:req\n.endm\nm', "3:1+1 error: the macro 'm' needs a value for 'a'"],
    ['.macro m a\n.endm\nm 1, 2', "3:1+1 error: the macro 'm' takes 1 argument, not more"],
    ['.macro m\n.endm\nm 1', "3:1+1 error: the macro 'm' takes no arguments, not more"],
    ['.macro m a\n.endm\nm b=2', "3:1+1 error: the macro 'm' has no parameter 'b'"],
    ['.macro m a b\n.endm\nm a=2 3', "3:1+1 error: arguments without a name come before those with one, as in 'm 1, b=2'"],
    ['.macro m a\n.endm\nm a=1 a=2', "3:1+1 error: the parameter 'a' of the macro 'm' is given twice"],
    ['.macro save\n.endm\nsaev', "3:1+4 error: unknown instruction 'saev': did you mean 'save'?"],
    ['.rept 1 << 40\nnop\n.endr', '1:1+5 error: the macros and repetitions of a source may make 1000000 lines, and this makes more'],
    [
      '.rept 1000\n.rept 1000\n.set x, 1\n.endr\n.endr\nadi',
      '1:1+5 error: the macros and repetitions of a source may make 1000000 lines, and this makes more',
    ],
    ['.macro m a\nm \\a\\a\n.endm\nm xxxxxxxx', '4:1+1 error: this makes a line of more than 1048576 characters'],
  ];
  for (const [text, ...expected] of blocks) {
    it(JSON.stringify(text), () => assert.deepEqual(messages(text), expected));
  }

  const inMacros: [text: string, ...expected: string[]][] = [
    ['.macro m a\n addi a0, \\a, 1\n.endm\nm a9', "2:11+2 error: expected a register (in macro 'm', called at line 4)"],
    [
      '.macro m a\n addi a0, a0, \\a + 5000\n.endm\n m 1',
      "2:15+9 error: immediate 5001 is out of range -2048..2047 (in macro 'm', called at line 4)",
    ],
    [
      '.macro m a\n .word 1 +\\a\n.endm\nm',
      "2:10+3 warning: the operand after this is missing: 0 is taken (in macro 'm', called at line 4)",
    ],
    ['.macro m l\n j \\l\n.endm\nm nowhere', "2:4+2 error: undefined symbol 'nowhere' (in macro 'm', called at line 4)"],
    ['.macro m\n.if 1\n.endm\nm', "2:1+3 error: this has no .endif (in macro 'm', called at line 4)"],
    [
      '.macro m l\n\\l: nop\n.endm\nm x\nm x',
      "2:1+2 error: 'x' is already defined in line 2 by macro 'm', called at line 4 (in macro 'm', called at line 5)",
    ],
    ['.rept 2\n adi\n.endr', "2:2+3 error: unknown instruction 'adi': did you mean 'addi'? (in '.rept' at line 1)"],
    [
      '.macro in r\n adi \\r\n.endm\n.macro out r\n nop\n in \\r\n.endm\n.rept 2\n out a0\n.endr',
      "2:2+3 error: unknown instruction 'adi': did you mean 'addi'? (in macro 'in', called at line 6; in macro 'out', called at line 9; in '.rept' at line 8)",
    ],
    [
      '.macro m\n  m\n  m\n.endm\nm\nnpo',
      `2:3+1 error: macros and repetitions are nested deeper than 100: does one call itself without end? (${"in macro 'm', called at line 2; ".repeat(3)}...)`,
      "6:1+3 error: unknown instruction 'npo': did you mean 'nop'?",
    ],
  ];
  for (const [text, ...expected] of inMacros) {
    it(`name both places: ${JSON.stringify(text)}`, () => assert.deepEqual(messages(text), expected));
  }

  it('come all in one run, by source and line', () => {
    assert.deepEqual(messages('adi a0\n.word x\nlw\nj y ; j z\n', 'mvv a0, a1'), [
      "1:1+3 error: unknown instruction 'adi': did you mean 'addi'?",
      "2:7+1 error: undefined symbol 'x'",
      "3:1+2 error: 'lw' takes 2 operands, not 0",
      "4:3+1 error: undefined symbol 'y'",
      "4:9+1 error: undefined symbol 'z'",
      "/1.s1:1+3 error: unknown instruction 'mvv': did you mean 'mv'?",
    ]);
  });

  it('name the other source where a global symbol is defined twice', () => {
    assert.deepEqual(messages('.globl f\nf: nop', '.globl f\n\nf: nop'), ["/1.s3:1+1 error: 'f' is already defined in /a.s:2"]);
  });

  const preprocessed: [text: string, ...expected: string[]][] = [
    ['# a comment\n#include <sys/syscall.h>', "2:1+8 error: 'sys/syscall.h' cannot be included: there is no access to files here"],
    ['#if 1', '1:1+3 error: this has no #endif'],
    ['  # ifdef X', '1:3+7 error: this has no #endif'],
    ['#endif', '1:1+6 error: #endif without an #if before it'],
    ['#elif 1', '1:1+5 error: #elif without an #if before it'],
    ['#if 1\n#else\n#else\n#endif', '3:1+5 error: the #if in line 1 has its #else already'],
    ['#if (1\n#endif', "1:1+3 error: expected ')' at the end of the condition"],
    ['#if 1 2\n#endif', "1:1+3 error: expected the end of the condition, not '2'"],
    ['#if\n#endif', '1:1+3 error: expected a number at the end of the condition'],
    ['#if "x"\n#endif', '1:1+3 error: expected a number, not \'"x"\''],
    ['#ifdef\n#endif', '1:1+6 error: expected the name of a macro'],
    ['#ifndef X\n#error X is missing // why\n#endif', '2:1+6 error: #error X is missing'],
    ['#warning old', '1:1+8 warning: #warning old'],
    ['#define 1', '1:1+7 error: expected the name of a macro'],
    ['#define f(a', "1:1+7 error: the parameters of 'f' have no ')'"],
    ['#define f(a, a) a', "1:1+7 error: 'a' cannot be a parameter of 'f'"],
    ['#define f(a) ## a', "1:1+7 error: '##' stands between two words"],
    ['#define f(a) a\n f(1', "2:1+4 error: the arguments of 'f' have no ')' in this line"],
    ['#define f(a, b) a\n f(1)', "2:1+5 error: 'f' takes 2 arguments, not 1"],
    ['#define SMALL 5000\n  addi a0, a0, SMALL', '2:16+5 error: immediate 5000 is out of range -2048..2047'],
    [
      '#define ADD(x) adi x, x, 1\nnop; ADD(a0) ; adi',
      "2:6+7 error: unknown instruction 'adi': did you mean 'addi'?",
      "2:16+3 error: unknown instruction 'adi': did you mean 'addi'?",
    ],
    ['#define TWO nop; \\\n nop\n\n adi', "4:2+3 error: unknown instruction 'adi': did you mean 'addi'?"],
    [`#define f(x) x x\n.word ${'f('.repeat(200)}${')'.repeat(200)}`, '2:1+606 error: the uses of macros are nested deeper than 100'],
    [
      `${Array.from({ length: 40 }, (_, index) => `#define a${index} a${index + 1} a${index + 1}`).join('\n')}\na0`,
      '41:1+2 error: the macros of this source make more than 500000 words',
    ],
  ];
  for (const [text, ...expected] of preprocessed) {
    it(`of a .S: ${JSON.stringify(text.slice(0, 80))}`, () => {
      const { diagnostics } = assemble([{ path: '/a.S', text: `${text}\n` }]);
      const shown = diagnostics.filter(({ message }) => !message.includes("'_start'"));
      assert.deepEqual(
        shown.map(({ line, column, length, severity, message }) => `${line}:${column}+${length} ${severity}: ${message}`),
        expected,
      );
    });
  }

  it('are not about the C preprocessor in a .s, where # begins a comment', () => {
    assert.deepEqual(messages('#define X 1\n#error no\n#if'), []);
  });

  it('warn where a program has no _start', () => {
    const { image, diagnostics } = assemble([{ path: '/a.s', text: 'nop\n' }]);
    assert.ok(image);
    assert.deepEqual(
      diagnostics.map(({ severity, line, message }) => `${severity} ${line}: ${message}`),
      ["warning 0: there is no global symbol '_start': the program starts at 0x10000, the start of its code"],
    );
  });
});
