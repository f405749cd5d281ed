        .text
        .globl  _start
_start:
        li      a0, 77
        call    traced
        li      a7, 93
        ecall

        .type   traced, @function
traced:
        ret
        .size   traced, .-traced

# Without a type, so that it has no call site of its own.
        .globl  trampoline
trampoline:
        mv      t4, sp
        addi    sp, sp, -112
        sd      t0, 0(sp)
        sd      ra, 8(sp)
        sd      a0, 40(sp)
        li      a0, 1
        li      t0, 2
        call    tracer
        ld      t0, 0(sp)
        ld      ra, 8(sp)
        ld      a0, 40(sp)
        addi    sp, sp, 112
        jr      t0

        .globl  tracer
tracer:
        ret
