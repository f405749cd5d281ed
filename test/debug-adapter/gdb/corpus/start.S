# Start code: argc and argv from the stack, then main, then the end.
        .globl _start
_start:
        .option push
        .option norelax
        la gp, __global_pointer$
        .option pop
        ld a0, 0(sp)
        addi a1, sp, 8
        call main
        li a7, 93
        ecall

# What a source declares that no debug information defines.
.data
.globl outside
.type outside, @object
.size outside, 4
.balign 4
outside:
  .word 77
