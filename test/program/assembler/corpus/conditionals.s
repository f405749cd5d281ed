# Every kind of conditional, each taken and not taken.
        .set    one, 1
        .equ    minus, -1
        .data
here:   .byte   0
        .if     one
        .byte   1
        .else
        .byte   2
        .endif
        .if     one - 1
        .byte   3
        .elseif one == 2
        .byte   4
        .elseif one
        .byte   5
        .elseif one
        .byte   6
        .else
        .byte   7
        .endif
        .ifdef  one
        .byte   8
        .endif
        .ifdef  later
        .byte   9
        .endif
        .ifndef here
        .byte   10
        .else
        .byte   11
        .endif
        .ifnotdef nothing
        .byte   12
        .endif
        .irp    value, -1, 0, 1
        .ifeq   \value
        .byte   13
        .endif
        .ifne   \value
        .byte   14
        .endif
        .ifgt   \value
        .byte   15
        .endif
        .ifge   \value
        .byte   16
        .endif
        .iflt   \value
        .byte   17
        .endif
        .ifle   \value
        .byte   18
        .endif
        .endr
        .ifb
        .byte   19
        .endif
        .ifb    x
        .byte   20
        .endif
        .ifnb   x
        .byte   21
        .endif
        .ifc    a  b,a b
        .byte   22
        .endif
        .ifc    'a','a'
        .byte   23
        .endif
        .ifc    a + b , a+b
        .byte   24
        .endif
        .ifc    a, b
        .byte   25
        .endif
        .ifnc   a, A
        .byte   26
        .endif
        .ifeqs  "a b", "a b"
        .byte   27
        .endif
        .ifeqs  "a", "b"
        .byte   28
        .endif
        .ifnes  "a", "b"
        .byte   29
        .endif
        .if     0
        .if     1
        .byte   30
        .else
        .byte   31
        .endif
        what is this, "and this"
        .ifdef  nothing
        .elseif nothing
        .endif
unseen: .macro  unseen
        .else
        .byte   32
        .endif
        .IF     one ; .byte 33 ; .ENDIF
        .if     here - here
        .byte   34
        .endif
after:  .if     after - here > 10
        .byte   35
        .endif
        .ifdef  unseen
        .byte   36
        .endif
        .macro  load_small register, value
        .if     (\value >= -2048) && (\value <= 2047)
        addi    \register, zero, \value
        .else
        lui     \register, (\value + 0x800) >> 12
        .ifne   \value & 0xfff
        addi    \register, \register, ((\value & 0xfff) ^ 0x800) - 0x800
        .endif
        .endif
        .endm
        .text
        .globl  _start
_start:
        load_small a0, 5
        load_small a0, 0x12345
        load_small a0, 0x12000
        load_small a0, 0x12fff
later:  ret
