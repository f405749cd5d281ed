# Makes functions for ever, in one page and over the end of a page, by fence.i and by riscv_flush_icache, and code that the loop around
# it has written just before.
        .equ code, 0x600000
_start: map_at code, 0x3000, 7
        li s0, code+0xff0
        li s1, 0
again:  andi t0, s1, 15
        slli t0, t0, 1
        add s2, s0, t0                  # begins at any halfword around the border of the pages
        la t1, pattern
        lw t2, 0(t1)
        slli t3, s1, 20
        xor t2, t2, t3                  # addi a0, a0, IMMEDIATE
        sw t2, 0(s2)
        lw t2, 4(t1)
        sw t2, 4(s2)
        lw t2, 8(t1)
        sw t2, 8(s2)
        lw t2, 12(t1)
        sw t2, 12(s2)
        andi t0, s1, 1
        beqz t0, 1f
        fence.i
        j 2f
1:      mv a0, s2
        addi a1, s2, 16
        li a2, 0
        call_system 259                 # riscv_flush_icache
2:      mv a0, s1
        li t5, 12
        jalr s2
        note a0
        addi s1, s1, 1
        li t0, 200
        blt s1, t0, again
        # The loop is itself in a page that it writes to.
        li s3, code+0x2000
        la t0, own
        la t1, own_end
3:      lw t2, 0(t0)
        sw t2, 0(s3)
        addi t0, t0, 4
        addi s3, s3, 4
        bltu t0, t1, 3b
        fence.i
        li s3, code+0x2000
        jalr s3
        note s5
        finish

        .option push
        .option norvc
own:    auipc s4, 0
        li t0, 400
4:      sd t0, 256(s4)                  # data beside the code
        ld t1, 256(s4)
        add s5, s5, t1
        andi t1, t0, 7
        bnez t1, 5f
        lw t1, 6f-own(s4)
        lui t2, 0x100
        add t1, t1, t2                  # one more
        sw t1, 6f-own(s4)
        fence.i
5:
6:      addi s5, s5, 1
        addi t0, t0, -1
        bnez t0, 4b
        ret
own_end:
        .data
        .align 2
pattern:
        addi a0, a0, 1
        addi t5, t5, -1
        bnez t5, pattern
        ret
        .option pop
