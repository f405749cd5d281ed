# Subsections, the section stack, and branches between subsections.
        .text
        .globl  _start
_start: beq     a0, a1, far
        bnez    a0, far
        .subsection 2
        .word   2
        .subsection 1
near:   nop
far:    beq     a0, a1, near
        .previous
        nop
        .subsection 0
        beqz    a5, near
        .text   3
        j       near
        j       last
        .skip   5000
last:   ret
        .data   1
        .word   11, . - inner
inner:  .word   far - near
        .data
        .word   10
        .pushsection .data, 3
        .word   3
        .pushsection .rodata.x, "a", @progbits
        .byte   1
        .popsection
        .word   4
        .popsection
        .word   9
        .section .foo, "ax", @progbits
        nop
        .section .bar, "aw", @nobits
        .zero   5
        .section .init_array, "aw"
        .dword  _start
