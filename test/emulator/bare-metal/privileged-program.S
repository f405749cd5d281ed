# Executes each instruction that traps, returns or waits many times from random registers and a random mstatus, in machine and in user
# mode, and prints a checksum of the state that the trap handler finds, by the serial port, every 128 cases. Runs on QEMU:
# qemu-system-riscv64 -machine virt -cpu rv64,s=off -bios none -nographic -kernel FILE

        .equ    cases, 1024
        .equ    batch, 128
        # SD, TW, MPRV, FS, MPP, MPIE and MIE
        .equ    status, (1 << 63) | (1 << 21) | (1 << 17) | 0x7888
        .equ    clint, 0x2000000

        # The parts of `state`.
        .equ    seed, 0
        .equ    sum, 8
        .equ    left, 16
        .equ    kind, 24

        # The next random number, of the seed in s1.
        .macro  random rd
        slli    \rd, s1, 13
        xor     s1, s1, \rd
        srli    \rd, s1, 7
        xor     s1, s1, \rd
        slli    \rd, s1, 17
        xor     s1, s1, \rd
        mv      \rd, s1
        .endm
        # Takes a register into the checksum in s2.
        .macro  mix register
        xor     s2, s2, \register
        mul     s2, s2, s3
        srli    a7, s2, 29
        xor     s2, s2, a7
        .endm
        # One kind: where it begins, the mode, what of mstatus is set and what is clear, mie.
        .macro  each site, mode, set, clear, enabled
        .dword  \site, \mode, \set, \clear, \enabled
        .endm

        .option norvc
        .globl  _start
_start: la      sp, stack
        la      t0, trap
        csrw    mtvec, t0
        li      t0, -1
        csrw    pmpaddr0, t0
        li      t0, 0x1f
        csrw    pmpcfg0, t0
        # A software interrupt is pending; only `wfi` asks for it.
        li      t0, clint
        li      t1, 1
        sw      t1, 0(t0)
        la      s0, state
        la      t0, kinds
        sd      t0, kind(s0)
        li      t0, 0x9e3779b97f4a7c15
        sd      t0, seed(s0)
        li      t0, cases
        sd      t0, left(s0)

next:   la      s0, state
        ld      s1, seed(s0)
        ld      s4, kind(s0)
        ld      t0, 0(s4)
        beqz    t0, done
        csrw    mepc, t0
        ld      t1, 32(s4)
        csrw    mie, t1
        # mstatus: TW, MPRV, MPIE and MIE at random.
        random  t1
        li      t2, 0x220088
        and     t1, t1, t2
        ld      t2, 16(s4)
        or      t1, t1, t2
        ld      t2, 24(s4)
        not     t2, t2
        and     t1, t1, t2
        ld      t2, 8(s4)
        or      t1, t1, t2
        random  t2
        csrw    mtval, t2
        random  t2
        csrw    mcause, t2
        csrw    mstatus, t1
        la      t6, registers
        csrw    mscratch, t6
        .irp    number, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
        random  t0
        sd      t0, 8 * \number(t6)
        .endr
        sd      s1, seed(s0)
        .irp    number, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
        ld      x\number, 8 * \number(t6)
        .endr
enter:  mret

        .balign 4
site_ecall:
        ecall
        .balign 4
site_ebreak:
        ebreak
        .balign 4
        .option rvc
site_c_ebreak:
        c.ebreak
        c.nop
        .option norvc
site_mret:
        mret
site_wfi:
        wfi
        ecall

        .balign 4
trap:   csrrw   t6, mscratch, t6
        .irp    number, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
        sd      x\number, 8 * \number(t6)
        .endr
        csrr    t5, mscratch
        sd      t5, 8 * 31(t6)
        la      s0, state
        ld      s2, sum(s0)
        li      s3, 0xff51afd7ed558ccd
        csrr    t0, mcause
        mix     t0
        # The manual leaves it open whether the trap value of a breakpoint is its address.
        addi    t0, t0, -3
        beqz    t0, 1f
        csrr    t0, mtval
        mix     t0
1:      csrr    t0, mepc
        la      t1, _start
        sub     t0, t0, t1
        mix     t0
        csrr    t0, mstatus
        li      t1, status
        and     t0, t0, t1
        mix     t0
        li      t2, 1
2:      slli    t3, t2, 3
        add     t3, t3, t6
        ld      t0, 0(t3)
        mix     t0
        addi    t2, t2, 1
        li      t3, 32
        bne     t2, t3, 2b
        sd      s2, sum(s0)
        ld      t0, left(s0)
        addi    t0, t0, -1
        sd      t0, left(s0)
        andi    t1, t0, batch - 1
        bnez    t1, next
        mv      a0, s2
        la      sp, stack
        call    print
        la      s0, state
        ld      t0, left(s0)
        bnez    t0, next
        li      t0, cases
        sd      t0, left(s0)
        ld      t0, kind(s0)
        addi    t0, t0, 40
        sd      t0, kind(s0)
        j       next

done:   li      t0, 0x100000
        li      t1, 0x5555
        sw      t1, 0(t0)
3:      j       3b

        # a0 in hexadecimal, and a new line; each character once the transmitter is
        # empty, for QEMU's drops what comes earlier.
print:  li      t0, 60
        li      t1, 0x10000000
4:      srl     t2, a0, t0
        andi    t2, t2, 15
        addi    t2, t2, 48
        li      t3, 58
        blt     t2, t3, 5f
        addi    t2, t2, 39
5:      lbu     t3, 5(t1)
        andi    t3, t3, 0x40
        beqz    t3, 5b
        sb      t2, 0(t1)
        addi    t0, t0, -4
        bgez    t0, 4b
        li      t2, 10
6:      lbu     t3, 5(t1)
        andi    t3, t3, 0x40
        beqz    t3, 6b
        sb      t2, 0(t1)
        ret

        .data
        .balign 8
        # MPRV is clear for user mode: QEMU 7.2 does not clear it on the way there, as Volume II, section "Memory Privilege", has it.
kinds:  each    site_ecall, 0x1800, 0, 0, 0
        each    site_ecall, 0, 0x6000, 0x20000, 0
        each    site_ebreak, 0x1800, 0x6000, 0, 0
        each    site_ebreak, 0, 0, 0x20000, 0
        each    site_c_ebreak, 0x1800, 0, 0, 0
        each    site_c_ebreak, 0, 0, 0x20000, 0
        # Illegal in user mode.
        each    site_mret, 0, 0, 0x20000, 0
        # Goes on at once: an interrupt is pending and enabled in mie, and masked by MIE, which becomes MPIE.
        each    site_wfi, 0x1800, 0, 0x80, 8
        # Illegal in user mode where TW says so.
        each    site_wfi, 0, 0x200000, 0x20000, 0
        .dword  0
state:  .skip   32
registers:
        .skip   256
        .skip   1024
stack:
