# Jumps into the middle of instructions, overlapping code, other link registers, coroutines, tail calls by registers, changed return
# addresses, longjmp, and stack pointers that are none.
_start: own_stack
        handle SIGSEGV, handler
        li s0, 0
        li a0, 0
        li a1, 0
        la s1, table
again:  addi s0, s0, 1
        # Over an instruction or into its middle.
        andi t0, s0, 3
        slli t0, t0, 3
        add t0, t0, s1
        ld t0, 0(t0)
        jr t0
        .option push
        .option norvc
into:   lui a0, 0x05050                 # its upper half is c.addi a0, 1... or what it decodes to
behind: addi a1, a1, 1
        .option pop
        note a0
        note a1
        # By t0, and by both: a coroutine's swap.
        jal t0, by_t0
        la ra, co_one
        jalr t0, ra                     # calls with t0, comes back by ra
        note s2
        # Tail calls by a register, from within a call.
        mv a0, s0
        call tail
        note a0
        # A return to two instructions behind the call.
        andi a0, s0, 7
        call changed
        addi s3, s3, 1
        addi s4, s4, 1
        note s4
        # From two calls deep to here.
        mv s5, sp
        la s6, landed
        call deep
        addi s3, s3, 100
landed: mv sp, s5
        # Accesses by a stack pointer that is none.
        mv s7, sp
        andi t1, s0, 15
        bnez t1, 1f
        li sp, 0
        sd a0, 8(sp)                    # faults
        li sp, -8
        ld a1, 0(sp)                    # faults
        la sp, table+1
        ld a1, 0(sp)
        note a1
1:      mv sp, s7
        li t1, 3000
        bltu s0, t1, again
        note s3
        note s8
        finish

by_t0:  addi s2, s2, 1
        li t2, 9
1:      add s2, s2, t2
        addi t2, t2, -1
        bnez t2, 1b
        jr t0

co_one: addi s2, s2, 3
        jalr ra, t0                     # back, and the caller could go on here
        j again

tail:   la t3, tail_even
        andi t4, a0, 1
        beqz t4, 1f
        la t3, tail_odd
1:      jr t3
tail_even:
        srli a0, a0, 1
        bnez a0, tail
        ret
tail_odd:
        addi a0, a0, -1
        la t3, tail
        jr t3

changed:
        li t0, 3
        bne a0, t0, 1f
        addi ra, ra, 2
        .option push
        .option rvc
1:      ret
        .option pop

deep:   addi sp, sp, -16
        sd ra, 8(sp)
        call deeper
        ld ra, 8(sp)
        addi sp, sp, 16
        ret
deeper: andi t0, s0, 7
        beqz t0, 1f
        addi sp, sp, -16
        sd s6, 8(sp)
        ld ra, 8(sp)
        addi sp, sp, 16
        ret                             # to where the caller's caller is
1:      jr s6

handler:
        skip_instruction
        count_in_s8
        ret
        .data
        .align 3
table:  .dword into, into+2, behind, into
