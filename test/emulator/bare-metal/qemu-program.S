# What machine and user mode answer where the manual allows one answer only, printed by the serial port in hexadecimal, one line
# for each question. Runs on QEMU: qemu-system-riscv64 -machine virt -bios none -nographic -kernel FILE

        .macro print register
        mv      a0, \register
        call    hex
        .endm
        # A CSR after all ones and after zero were written.
        .macro warl csr, mask
        li      t0, -1
        csrw    \csr, t0
        csrr    a0, \csr
        csrw    \csr, zero
        csrr    s11, \csr
        li      t0, \mask
        and     a0, a0, t0
        and     s11, s11, t0
        call    hex
        print   s11
        call    newline
        .endm

        .globl  _start
_start: la      sp, stack
        la      t0, trap
        csrw    mtvec, t0
        li      t0, -1
        csrw    pmpaddr0, t0
        li      t0, 0x1f
        csrw    pmpcfg0, t0
        csrr    a0, mhartid
        call    hex
        call    newline
        li      t0, 0x6000
        csrs    mstatus, t0
        warl    mscratch, -1
        warl    mepc, -2
        warl    mcause, -1
        warl    mtval, -1
        warl    fflags, -1
        warl    frm, -1
        warl    fcsr, -1
        warl    mhartid, 0
        # mstatus: SD, MPRV, FS, MPP, MPIE, MIE and TW
        .irp value, 0x1888, 0x1800, 0x80, 0x6000, 0x200000, 0
        li      t0, \value
        csrw    mstatus, t0
        csrr    a0, mstatus
        li      t1, (1 << 63) | (1 << 21) | 0x7888
        and     a0, a0, t1
        call    hex
        .endr
        call    newline

        # Each of these traps, or does not.
        .option norvc
        .word   0
        .word   0xffffffff
        .word   0x0000707b
        ecall
        csrr    a0, 0x123
        csrr    a0, 0x7ff
        csrw    mhartid, a0
        csrs    mvendorid, a0
        csrs    mvendorid, zero
        csrc    mvendorid, zero
        csrsi   mimpid, 0
        csrsi   mimpid, 1
        csrw    cycle, a0
        csrr    a0, cycle
        csrr    a0, time
        csrr    a0, instret
        csrr    a0, hpmcounter3
        csrr    a0, mhpmcounter3
        csrw    misa, zero
        fadd.s  fa0, fa0, fa0
        fld     fa0, 0(sp)
        csrr    a0, fcsr
        csrw    frm, zero
        li      t0, 0x2000
        csrs    mstatus, t0
        csrwi   frm, 5
        fadd.s  fa0, fa0, fa0
        fmul.d  fa0, fa0, fa0, rne
        csrwi   frm, 0
        li      s1, 0x80000001
        lr.w    a0, (s1)
        lr.d    a0, (s1)
        lw      a0, 0(s1)
        lh      a0, 0(s1)
        li      s1, 0x1000000000
        lb      a0, 0(s1)
        ld      a0, -8(s1)
        sb      a0, 0(s1)
        sw      a0, 0(s1)
        sd      a0, 4(s1)
        lr.w    a0, (s1)
        flw     fa0, 0(s1)
        fsd     fa0, 8(s1)
        la      s2, 1f
        jalr    ra, s1
1:      call    newline

        # User mode.
        .irp counters, 0, 7
        csrwi   mcounteren, \counters
        la      t0, 2f
        csrw    mepc, t0
        li      t0, 0x1800
        csrc    mstatus, t0
        li      t0, 0x80
        csrs    mstatus, t0
        mret
2:      ecall
        csrr    a0, mstatus
        csrw    mscratch, a0
        csrr    a0, mhartid
        csrr    a0, cycle
        csrr    a0, time
        csrr    a0, instret
        csrr    a0, hpmcounter4
        csrw    cycle, a0
        mret
        lw      a0, 0(s1)
        .word   0
        li      a7, 77
        ecall
        li      a7, 0
        call    newline
        .endr

        # A software interrupt, in vectored mode.
        la      t0, vectors + 1
        csrw    mtvec, t0
        csrr    a0, mtvec
        andi    a0, a0, 3
        call    hex
        csrwi   mie, 8
        csrsi   mstatus, 8
        li      s5, 0
        li      t0, 0x2000000
        li      t1, 1
        sw      t1, 0(t0)
3:      beqz    s5, 3b
        call    newline

        # The timer, after wfi.
        csrci   mstatus, 8
        li      s5, 0
        li      t0, 0x200bff8
        ld      t1, 0(t0)
        addi    t1, t1, 1000
        li      t0, 0x2004000
        sd      t1, 0(t0)
        li      t0, 0x80
        csrw    mie, t0
        wfi
        csrsi   mstatus, 8
4:      beqz    s5, 4b
        call    newline

        # Memory protection: a page that user mode may read and not write.
        csrci   mstatus, 8
        la      t0, trap
        csrw    mtvec, t0
        la      t0, page
        srli    t0, t0, 2
        ori     t0, t0, 0x1ff
        csrw    pmpaddr0, t0
        li      t0, -1
        csrw    pmpaddr1, t0
        li      t0, 0x1f19
        csrw    pmpcfg0, t0
        csrr    a0, pmpcfg0
        call    hex
        call    newline
        la      s1, page
        la      t0, 5f
        csrw    mepc, t0
        li      t0, 0x1800
        csrc    mstatus, t0
        mret
5:      lw      a0, 0(s1)
        sw      a0, 0(s1)
        sd      a0, -4(s1)
        ld      a0, -4(s1)
        la      s2, 6f
        jr      s1
6:      li      a7, 77
        ecall
        call    newline

        li      t0, 0x100000
        li      t1, 0x5555
        sw      t1, 0(t0)
7:      j       7b

        .option rvc
        .balign 4
        .option norvc
vectors: j      trap
        j       wrong
        j       wrong
        j       software
        j       wrong
        j       wrong
        j       wrong
        j       timer
wrong:  j       wrong
software: csrr  a0, mcause
        call    hex
        csrr    a0, mip
        andi    a0, a0, 8
        call    hex
        li      t0, 0x2000000
        sw      zero, 0(t0)
        csrr    a0, mip
        andi    a0, a0, 8
        call    hex
        csrr    a0, mstatus
        li      t1, 0x1888
        and     a0, a0, t1
        call    hex
        li      s5, 1
        mret
timer:  csrr    a0, mcause
        call    hex
        csrr    a0, mip
        andi    a0, a0, 0x80
        call    hex
        li      t1, -1
        li      t0, 0x2004000
        sd      t1, 0(t0)
        csrr    a0, mip
        andi    a0, a0, 0x80
        call    hex
        li      s5, 1
        mret

        # Prints cause, mtval and the modes, and goes on behind the instruction; a jump to nowhere at s2, an ecall with 77 in machine mode.
        .balign 4
trap:   csrr    a0, mcause
        call    hex
        csrr    a0, mtval
        call    hex
        csrr    a0, mstatus
        li      t1, 0x1888
        and     a0, a0, t1
        call    hex
        call    newline
        csrr    t0, mcause
        li      t1, 1
        beq     t0, t1, fetch
        li      t1, 77
        bne     a7, t1, 1f
        li      t0, 0x1800
        csrs    mstatus, t0
1:      csrr    t0, mepc
        addi    t0, t0, 4
        csrw    mepc, t0
        mret
fetch:  csrr    a0, mepc
        call    hex
        csrw    mepc, s2
        mret

hex:    mv      t6, ra
        li      t3, 60
1:      srl     t4, a0, t3
        andi    t4, t4, 15
        addi    t4, t4, 48
        li      t5, 58
        blt     t4, t5, 2f
        addi    t4, t4, 39
2:      call    put
        addi    t3, t3, -4
        bgez    t3, 1b
        li      t4, 32
        call    put
        jr      t6
newline: mv     t6, ra
        li      t4, 10
        call    put
        jr      t6
        # The character in t4, once the transmitter is empty, and it is again.
put:    li      t2, 0x10000000
        sb      t4, 0(t2)
3:      lbu     t5, 5(t2)
        andi    t5, t5, 0x40
        beqz    t5, 3b
        ret

        .data
        .balign 4096
page:   .zero   4096
        .zero   4096
stack:
