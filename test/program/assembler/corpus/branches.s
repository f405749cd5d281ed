# Branches and jumps near and far, forward and backward; numeric labels; branches to other sections and sources.
        .text
        .globl _start, far_away
_start:
near:   beq a0, a1, near
        beqz a0, near
        beqz t0, near
        beq a0, zero, near
        beq zero, a0, near
        bne a0, zero, 1f
        bnez s0, 1f
        blt a0, a1, 1f
        bge a0, a1, 1f
        bltu a0, a1, 1f
        bgeu a0, a1, 1f
        bgt a0, a1, 1f
        ble a0, a1, 1f
        bgtu a0, a1, 1f
        bleu a0, a1, 1f
        blez a0, 1f
        bgez a0, 1f
        bltz a0, 1f
        bgtz a0, 1f
        j 1f
        jal 1f
        jal ra, 1f
        jal t0, 1f
        jal zero, 1f
        c.j 1f
        c.beqz a0, 1f
        c.bnez a0, near
1:      nop
1:      j 1b
        j 1f
        j . + 4
        beq a0, a1, . + 8
        beqz a0, . - 4
        j near + 2
1:      c.j far_forward
        c.beqz a0, far_forward
        beqz a0, far_forward
        bnez a0, middle
        beqz t0, far_forward
        blt a0, a1, far_forward
        bgeu a0, a1, far_forward
        j far_forward
        jal far_forward
        beq a0, a1, far_away
        beqz a1, far_away
        j far_away
        jal far_away
        bne a0, a1, other_section
        j other_section
        .skip 240
middle: nop
        .skip 1800
        j near
        bnez a0, near
        .skip 2100
        beqz a0, middle
        beq t0, t1, middle
        .skip 5000
far_forward:
        beqz a0, near
        bnez a0, far_forward
        beq a0, a1, near
        j near
        jal zero, near
        call near
        call t0, near
        tail near
        jump near, t2
        call far_away
        .weak nobody
        call nobody
        beqz a0, nobody_near
        .weak nobody_near
nobody_near:
        j nobody_near

        # Alignments between branches and their targets count with all their bytes.
        beqz a0, 2f
        .skip 246
        .align 3
2:      nop
        beqz a0, 3f
        .skip 250
3:      beqz a0, 4f
        .skip 252
4:      beqz a0, 5f
        .skip 254
5:      c.nop
        .align 4
        bnez a0, 5b
        .section .text.other, "ax", @progbits
other_section:
        ret
        .align 5
        j _start
