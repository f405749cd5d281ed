/* The C preprocessor over assembly: comments of C, macros, conditionals. */
#define SYS_exit 93
#define SYS_write 64   /* a comment
                          of two lines */
#define STDOUT (1)     // a comment to the end
#define LENGTH(from) (. - from)
#define FUNCTION(name) .globl name; .type name, @function; name
#define SYSCALL(number, ...) li a7, number; __VA_ARGS__ ecall
#define SAVE(register, index) sd register, (index * 8)(sp)
#define NOTHING
#define EMPTY() nop
#define PASTE(a, b) a##b
#define PASTE_TWICE(a, b) PASTE(a, b)
#define STRING(x) #x
#define STRING_OF(x) STRING(x)
        .set FIRST, 1
        .set SECOND, 2
#define FIRST SECOND + 1
#define SECOND FIRST + 2
#define MAX(a, b) \
        ((a) * ((a) >= (b) & 1) + \
         (b) * ((a) < (b) & 1))
#define TWO_LINES \
        nop; \
        addi a0, a0, 1
# define SPACED 5
# an ordinary comment, don't take it
        .text
FUNCTION(_start):
        li a0, STDOUT      # STDOUT in a comment, "unclosed
        la a1, text
        li a2, 5
        SYSCALL(SYS_write)
        SYSCALL(SYS_exit, li a0, 7;)
        SAVE(ra, 1)
        SAVE( s0 , SPACED )
        NOTHING
        EMPTY()
        EMPTY ( )
        TWO_LINES
        PASTE(no, p)
        PASTE_TWICE(a, ddi) a0, a0, 1
        PASTE(, ret)
        PASTE_TWICE(L, SPACED): j L5
#ifdef __ASSEMBLER__
        c.nop
#endif
#if defined(__riscv) && __riscv_xlen == 64 && !defined UNKNOWN
        ebreak
#elif 1
        ecall
#else
        nop
#endif
#if 0
        this is passed over
# if 1
# error not here
# else
# endif
#elif SPACED * 2 == 10 ? UNKNOWN : 1
        also passed over
#elif (SPACED << 2 | 3) == 0x17 && 'A' == 65L
        addi a5, a5, 5
#else
        and this
#endif
#undef SPACED
#ifndef SPACED
        addi a5, a5, 6
#endif
        .section .rodata
text:   .ascii STRING(a  "b\n" c), STRING_OF(SYS_exit), "SYS_exit // not a comment"
        .equ length, LENGTH(text)
        .data
        .word FIRST, SECOND
        .word MAX(3, 4), MAX(MAX(1, 9), 2)
        .byte SYS_exit, SYS_write,STDOUT+SYS_exit
#define long_list 1, 2, \
                  3
        .byte long_list
        .byte 4, \
              5
#define SELF SELF
        .set SELF, 3
        .byte SELF
