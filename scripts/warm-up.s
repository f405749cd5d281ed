# What `npm run build` runs so that the bundle's compiled code has all that a
# hot program needs: loops, calls, recursion, memory and floating point.

        .globl _start
_start:
        li      s0, 20000
        la      s1, numbers
        li      s2, 0
        fcvt.d.l fs0, s0
again:  andi    t0, s0, 63
        slli    t0, t0, 3
        add     t0, s1, t0
        ld      t1, 0(t0)
        mul     t1, t1, s0
        xor     s2, s2, t1
        sd      s2, 0(t0)
        lbu     t2, 3(t0)
        sh      t2, 6(t0)
        remu    t3, s2, s0
        fld     fa0, 512(s1)
        fmadd.d fa0, fa0, fs0, fs0
        fsqrt.d fa1, fs0
        fadd.d  fa0, fa0, fa1
        fcvt.l.d t4, fa1, rtz
        fsd     fa1, 512(s1)
        mv      a0, t3
        call    mix
        add     s2, s2, a0
        andi    a0, s0, 7
        call    fib
        add     s2, s2, a0
        addi    s0, s0, -1
        bnez    s0, again
        li      a0, 0
        li      a7, 93
        ecall

        .type   mix, @function
mix:    andi    t0, a0, 1
        beqz    t0, 1f
        srli    a0, a0, 1
        sllw    a0, a0, t0
        ret
1:      addw    a0, a0, a0
        sltiu   t0, a0, 100
        ret

        .type   fib, @function
fib:    li      t0, 2
        blt     a0, t0, 1f
        addi    sp, sp, -32
        sd      ra, 24(sp)
        sd      s0, 16(sp)
        sd      s1, 8(sp)
        mv      s0, a0
        addi    a0, s0, -1
        call    fib
        mv      s1, a0
        addi    a0, s0, -2
        call    fib
        add     a0, a0, s1
        ld      s1, 8(sp)
        ld      s0, 16(sp)
        ld      ra, 24(sp)
        addi    sp, sp, 32
1:      ret

        .data
        .align  3
numbers:
        .zero   640
