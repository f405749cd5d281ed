# Coroutines that switch stacks in the middle of calls, and a recursion that is deeper than the host's stack, left at one go.
_start: la s0, stack_one_end
        la s1, stack_two_end
        la t0, one
        sd t0, -8(s0)
        addi s0, s0, -120
        la t0, two
        sd t0, -8(s1)
        addi s1, s1, -120
        li s2, 0
again:  mv a0, s0
        call switch
        mv s0, a0
        mv a0, s1
        call switch
        mv s1, a0
        addi s2, s2, 1
        li t0, 2000
        bltu s2, t0, again
        note s2
        ld t1, total
        note t1
        # Deep, and out at once by a stack pointer that was kept.
        mv s3, sp
        la s4, out
        li s5, 20
2:      li a0, 3000
        call dive
out:    mv sp, s3
        addi s5, s5, -1
        note a0
        bnez s5, 2b
        finish

# Goes on with the stack in a0, and gives the old one.
switch: addi sp, sp, -112
        sd ra, 104(sp)
        sd s0, 96(sp)
        sd s1, 88(sp)
        sd s2, 80(sp)
        sd s3, 72(sp)
        mv t0, sp
        addi sp, a0, 8
        ld s3, 64(sp)
        ld ra, 104(sp)
        addi sp, sp, 112
        mv a0, t0
        ret
one:    mv s3, a0
1:      ld t1, total
        addi t1, t1, 1
        la t2, total
        sd t1, 0(t2)
        mv a0, s3
        call back
        mv s3, a0
        j 1b
two:    mv s3, a0
1:      li t3, 5
2:      ld t1, total
        add t1, t1, t3
        la t2, total
        sd t1, 0(t2)
        addi t3, t3, -1
        bnez t3, 2b
        mv a0, s3
        call back
        mv s3, a0
        j 1b
# To the stack in a0, whose registers are those of the caller of switch.
back:   addi sp, sp, -112
        sd ra, 104(sp)
        sd s3, 64(sp)
        addi t0, sp, -8
        mv sp, a0
        ld s3, 72(sp)
        ld s2, 80(sp)
        ld s1, 88(sp)
        ld s0, 96(sp)
        ld ra, 104(sp)
        addi sp, sp, 112
        mv a0, t0
        ret

dive:   addi sp, sp, -16
        sd ra, 8(sp)
        sd a0, 0(sp)
        beqz a0, 1f
        addi a0, a0, -1
        call dive
        ld t0, 0(sp)
        add a0, a0, t0
        ld ra, 8(sp)
        addi sp, sp, 16
        ret
1:      mv a0, s5
        jr s4
        .bss
        .align 4
total:  .dword 0
        .zero 4096
stack_one_end: .zero 4096
stack_two_end: .zero 16
