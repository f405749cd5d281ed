# Thread-local symbols in the local and the initial model.
        .globl  _start
        .text
_start: lui     a0, %tprel_hi(shared)
        add     a0, a0, tp, %tprel_add(shared)
        addi    a0, a0, %tprel_lo(shared)
        lw      a1, %tprel_lo(zeros)(a0)
        sw      a1, %tprel_lo(zeros)(a0)
        ret
        .section .tdata, "awT", @progbits
        .globl  shared
        .type   shared, @object
        .size   shared, 4
        .word   0
shared: .word   5
        .section .tbss, "awT", @nobits
        .align  3
zeros:  .zero   8
        .data
        .word   1
