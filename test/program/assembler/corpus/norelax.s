# Alignment that the assembler does itself, as the linker does not relax.
        .text
        .globl _start
_start: nop
        .option norelax
        .align 2
        nop
        .byte 7
        .align 4
        nop
        c.nop
        .align 3
        li a0, 1
        beqz a0, 1f
        .skip 247
        .balign 8
1:      nop
        .align 5, , 3
        nop
        .align 5, , 30
