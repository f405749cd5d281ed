# A timer interrupts hot loops; its handler changes registers of the loop, and each fourth time goes back to elsewhere.
_start: own_stack
        handle SIGALRM, handler
        addi sp, sp, -32
        sd zero, 0(sp)
        li t0, 3
        sd t0, 8(sp)
        sd zero, 16(sp)
        sd t0, 24(sp)
        li a0, 0
        mv a1, sp
        li a2, 0
        call_system 103                 # setitimer: each three microseconds of the guest's clock
        li s0, 0
        li s3, 60
        la s5, cells
outer:  li s1, 200
inner:  addi s0, s0, 1
        andi t0, s0, 31
        slli t0, t0, 3
        add t0, t0, s5
        ld t1, 0(t0)
        add t1, t1, s0
        sd t1, 0(t0)
        addi s1, s1, -1
        bgtz s1, inner
        note s0
        call deeper
        blt s4, s3, outer
        note s2
        finish

elsewhere:
        addi s2, s2, 7
        j outer

deeper: addi sp, sp, -16
        sd ra, 8(sp)
        li t2, 30
1:      addi t2, t2, -1
        add s0, s0, t2
        bnez t2, 1b
        ld ra, 8(sp)
        addi sp, sp, 16
        ret

handler:
        addi s4, s4, 1                  # is forgotten: registers come from the frame
        ld t0, PC+8*20(a2)              # s4
        addi t0, t0, 1
        sd t0, PC+8*20(a2)
        andi t1, t0, 3
        bnez t1, 1f
        ld t1, PC+8*2(a2)
        la t2, inner
        ld t3, PC(a2)
        bltu t3, t2, 1f
        la t2, elsewhere
        bgeu t3, t2, 1f
        sd t2, PC(a2)
1:      ret
        .bss
        .align 3
cells:  .zero 256
