# Arithmetic in all rounding modes, fixed and dynamic, with flags that are read and cleared in the loop; NaNs, subnormals, overflows, singles
# that are not boxed.
_start: li s0, 0
        la s1, values
again:  andi t0, s0, 15
        slli t0, t0, 3
        add t0, t0, s1
        fld fa0, 0(t0)
        srli t1, s0, 4
        andi t1, t1, 15
        slli t1, t1, 3
        add t1, t1, s1
        fld fa1, 0(t1)
        srli t2, s0, 8
        li t3, 5
        remu t2, t2, t3
        csrw frm, t2
        fadd.d fa2, fa0, fa1
        fmul.d fa3, fa0, fa1, rtz
        fdiv.d fa4, fa0, fa1, rup
        fsqrt.d fa5, fa0, rdn
        fmadd.d fa6, fa0, fa1, fa2, rmm
        fnmsub.d fa7, fa0, fa1, fa3
        fcvt.s.d ft0, fa2
        fcvt.s.d ft1, fa1, rtz
        fadd.s ft2, ft0, ft1
        fmul.s ft3, ft0, fa0            # not boxed
        fcvt.l.d t3, fa2
        fcvt.w.d t4, fa3, rup
        fcvt.wu.s t5, ft2
        fmin.d ft4, fa0, fa1
        fle.d a0, fa0, fa1
        fclass.d a1, fa2
        fsgnjx.d ft5, fa2, fa1
        fmv.x.d a2, fa2
        fmv.x.d a3, fa6
        fmv.x.d a4, ft3
        fmv.x.d a5, fa5
        frflags a6
        note t3
        note t4
        note t5
        note a0
        note a1
        note a2
        note a3
        note a4
        note a5
        note a6
        andi t0, s0, 7
        bnez t0, 1f
        fsflags zero
1:      li t1, 0
        # A loop of its own that is plain, mostly.
        fcvt.d.l fs0, s0
2:      fadd.d fs1, fs1, fs0
        fdiv.d fs2, fs1, fs0
        addi t1, t1, 1
        li t2, 6
        bne t1, t2, 2b
        fmv.x.d a0, fs2
        note a0
        addi s0, s0, 1
        li t0, 4000
        bltu s0, t0, again
        finish
        .data
        .align 3
values: .double 0.0, -0.0, 1.0, -1.5, 3.25, 1e300, -1e300, 1e-300
        .dword 0x7ff0000000000000, 0xfff0000000000000, 0x7ff8000000000000, 0x7ff0000000000001, 1, 0x800fffffffffffff
        .double 0.1, 2.5
