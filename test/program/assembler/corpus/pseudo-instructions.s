 .globl _start
_start:
 .macro save regs:vararg
 .set off, 0
 .irp r, \regs
 sd \r, off(sp)
 .set off, off+8
 .endr
 .endm
 save ra, s0, s1, s2
 .altmacro
 .macro loc
 local l
l: j l
 beqz a0, l
 .endm
 loc
 loc
 .macro show v
 .word \v
 .endm
 show %(3*4)
 .noaltmacro
 .macro ctr
lab\@: .word \@
 .endm
 ctr
 ctr
 j labq
labq:
 .ifdef labq
 nop
 .endif
 .ifc a b,a b
 .byte 1
 .else
 .byte 2
 .endif
 .ifeqs "x","x"
 .byte 3
 .endif
 .p2align 1
 li a0, (1<<40)+5
 li a0, ~0xfff
 li a0, 0x80000000
 li t0, -0x80000000
 la a0, _start+20
 lw a0, labq
 sd a0, labq, t0
 fld fa0, labq, t0
 call labq@plt
 tail labq
 jump labq, t1
 call t0, labq
 bgt a0, a1, labq
 bleu a0, a1, labq
 bgez a0, labq
 blez a0, labq
 seqz a0,a0
 sgtz a0,a1
 csrrs a0, 0xc00, zero
 rdcycle a0
 csrwi fcsr, 3
 frflags a0
 fsrm a0, a1
 fence
 fence rw,w
 fence.i
 amoswap.w.aq a0,a1,(a2)
 lr.d a0,(a1)
 sc.d.rl a0,a1,0(a2)
 fcvt.w.s a0, fa0, rtz
 fmv.x.w a0, fa0
 fneg.d fa0, fa1
 .insn 0x00000013
 .insn i 0x13, 0, a0, a1, 5
 .word labq - _start
 .half . - labq
 .2byte 0x1234
 .float 1.5, -0.1, 1e10
 .double 3.14159, 0
 .dword labq
 .section .rodata.a,"a"
 .dword _start
 .section .init_array,"aw"
 .dword _start
 .previous
 .byte 7
