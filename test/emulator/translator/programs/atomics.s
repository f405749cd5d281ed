# Atomics in hot loops: all operations, sc that fails, reservations over loops and calls, and accesses that are not aligned.
_start: own_stack
        handle SIGSEGV, handler
        handle 7, handler               # SIGBUS
        la s0, cells
        li s1, 0
again:  addi s1, s1, 1
        andi t0, s1, 7
        slli t0, t0, 3
        add s2, s0, t0
        amoadd.d t1, s1, (s2)
        amoswap.w t2, t1, (s2)
        amoxor.d t3, s1, (s2)
        amomaxu.d t4, t3, (s2)
        amomin.w t5, s1, (s2)
        amoand.d a0, t5, (s2)
        amoor.w a1, s1, (s2)
        note t1
        note t2
        note t3
        note t4
        note t5
        note a0
        note a1
        lr.d t1, (s2)
        addi t1, t1, 3
        andi t0, s1, 3
        bnez t0, 1f
        sc.d t2, t1, (s0)               # elsewhere, mostly
1:      sc.d t2, t1, (s2)
        note t2
        lr.w t1, (s0)
        call between
        sc.w t2, t1, (s0)
        note t2
        andi t0, s1, 63
        bnez t0, 2f
        addi t0, s0, 2
        amoadd.w t1, s1, (t0)           # not aligned
        note t1
2:      ld t1, 0(s2)
        note t1
        li t0, 4000
        bltu s1, t0, again
        note s8
        finish
between:
        andi t0, s1, 1
        beqz t0, 3f
        lr.d t0, (s2)
3:      ret
handler:
        ld t0, PC(a2)
        addi t0, t0, 4
        sd t0, PC(a2)
        count_in_s8
        ret
        .data
        .align 3
cells:  .zero 64
