        .bss
        .balign 8
buffer: .zero   24

        .text
        .globl  _start
_start:
        la      a0, buffer
        la      t1, back
        sd      t1, 0(a0)
        sd      sp, 8(a0)
        sd      s0, 16(a0)
        call    leave
back:
        li      a7, 93
        ecall

        .type   leave, @function
leave:
        addi    sp, sp, -16
        sd      ra, 8(sp)
        li      a1, 0
        call    jump
        .size   leave, .-leave

        .type   jump, @function
jump:
        ld      ra, 0(a0)
        ld      s0, 16(a0)
        ld      sp, 8(a0)
        seqz    a0, a1
        add     a0, a0, a1
        ret
        .size   jump, .-jump
