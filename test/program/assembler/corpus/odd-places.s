 .globl _start
_start:
 .macro foo a, b=5, c:vararg
 .ifb \a
 .word 1
 .else
 .word \a, \b
 .ifnb \c
 .word \c
 .endif
 .endif
 .endm
 foo
 foo 1
 foo 1, 2
 foo 1, 2, 3, 4
 foo a=7, b=(1+2)
 .macro nest n
 .if \n
 .word \n
 nest (\n - 1)
 .endif
 .endm
 nest 4
 .irp r, a0, a1, t0
 mv \r, zero
 .endr
 .irpc d, 123
 .byte \d
 .endr
 .byte 0
 .rept 3
 .rept 2
 .byte 9
 .endr
 .endr
 .p2align 2
x = . - _start
 .word x
 .set y, x + 4
 .word 7/2, -7/2, -7%3, 1<<63>>62
 .org _start + 0x200, 0xff
 .fill 3, 2, 0x1234
 .ascii "a\tb\n\\\"\x41\101\0"
 .string "x", "y"
 .quad 'a', 'b'+1, '\n', 1f-_start, _start+8
1: .balign 16
