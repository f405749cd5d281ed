# Two mistakes: one for the assembler, one for the checks.
    .globl main
    .type main, @function
main:
    addi a0, a0, 5000           # mark: out of range
    li   s1, 0x12345678         # mark: saved register
    call twice
    ret
    .size main, .-main

    .globl twice
    .type twice, @function
# Doubles its argument.
twice:
    add  a0, a0, a0
    ret
    .size twice, .-twice
