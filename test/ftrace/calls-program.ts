/** Functions that call each other with arguments that change, for ever. */
export const calls = `
        .globl _start
_start: li s0, 0
        mv s11, sp
again:  addi s0, s0, 1
        mv a0, s0
        andi a1, s0, 7
        li a7, 77
        call outer
        andi a0, s0, 15
        bnez a0, again
        call escape
        j again

        # Goes back to the loop without returning, from within two calls.
        .type escape, @function
escape: addi sp, sp, -16
        sd ra, 8(sp)
        call hop
        call leave
        .size escape, .-escape

        .type leave, @function
leave:  mv sp, s11
        la a0, again
        jr a0
        .size leave, .-leave

        # A tail call.
        .type hop, @function
hop:    addi a0, a0, 3
        j leaf
        .size hop, .-hop

        .type outer, @function
outer:  addi sp, sp, -32
        sd ra, 24(sp)
        sd s0, 16(sp)
        addi s0, sp, 32
        sd a1, 0(sp)
        call leaf
        mv a3, a0
        call middle
        ld a1, 0(sp)
        beqz a1, 1f
        addi a1, a1, -1
        call outer
1:      ld s0, 16(sp)
        ld ra, 24(sp)
        addi sp, sp, 32
        ret
        .size outer, .-outer

        .type middle, @function
middle: addi sp, sp, -16
        sd ra, 8(sp)
        addi a2, a0, 1
        call hop
        ld ra, 8(sp)
        addi sp, sp, 16
        ret
        .size middle, .-middle

        .type leaf, @function
leaf:   slli a4, a0, 1
        xor a5, a4, a1
        ret
        .size leaf, .-leaf
`;

export const functions = ['outer', 'middle', 'leaf', 'hop', 'leave', 'escape'];
