# What `npm run build` runs so that the code that is kept with the bundles has
# all that programs need: the calls by which a C library begins and ends, and
# hot code of every kind: all instructions, loops, calls, recursion, tables of
# jumps, locals in memory, accesses here and there, arithmetic that raises flags.

        .globl  _start
_start:
        call    system_calls
        li      s0, 20000
again:  mv      a0, s0
        call    integers
        call    memory
        call    copies
        call    doubles
        call    singles
        call    atomics
        call    registers_of_state
        mv      a0, s0
        call    branches
        call    nest
        mv      a0, s0
        call    doors
        andi    a0, s0, 7
        call    fib
        andi    a0, s0, 3
        call    table
        call    elsewhere
        la      t0, mix
        mv      a0, s0
        jalr    t0
        addi    s0, s0, -1
        bnez    s0, again
        call    permissions
        li      a0, 0
        li      a7, 94                  # exit_group
        ecall

        .type   integers, @function
integers:
        li      t0, 0x123456789abcdef
        add     t1, a0, t0
        addi    t1, t1, 5
        sub     t2, t1, t0
        and     t3, t1, t0
        andi    t3, t3, 255
        or      t4, t1, t0
        ori     t4, t4, 1
        xor     t5, t1, t0
        xori    t5, t5, -1
        sll     t6, t0, a0
        slli    t6, t6, 3
        srl     a1, t0, a0
        srli    a1, a1, 3
        sra     a2, t0, a0
        srai    a2, a2, 3
        slt     a3, t0, a0
        slti    a3, a3, 7
        sltu    a4, t0, a0
        sltiu   a4, a4, 7
        addw    a5, t0, a0
        addiw   a5, a5, 5
        subw    a6, t0, a0
        sllw    a7, t0, a0
        slliw   a7, a7, 3
        srlw    a1, t0, a0
        srliw   a1, a1, 3
        sraw    a2, t0, a0
        sraiw   a2, a2, 3
        lui     a3, 0x12345
        auipc   a4, 1
        mul     a5, t0, a0
        mulh    a6, t0, a0
        mulhu   a7, t0, a0
        mulhsu  t1, t0, a0
        mulw    t2, t0, a0
        div     t3, t0, a0
        divu    t4, t0, a0
        rem     t5, t0, a0
        remu    t6, t0, a0
        divw    a1, t0, a0
        divuw   a2, t0, a0
        remw    a3, t0, a0
        remuw   a4, t0, a0
        srliw   t1, a1, 7
        slliw   t2, a1, 25
        or      t1, t1, t2
        xor     t1, t1, a2
        neg     t2, t1
        not     t3, t1
        seqz    t4, t1
        sext.w  t5, t1
        fence
        ret

        .type   memory, @function
memory: addi    sp, sp, -64
        sd      ra, 56(sp)
        sd      s0, 48(sp)
        addi    s0, sp, 64
        la      a0, numbers
        lb      t0, 0(a0)
        lbu     t1, 1(a0)
        lh      t2, 2(a0)
        lhu     t3, 4(a0)
        lw      t4, 8(a0)
        lwu     t5, 12(a0)
        ld      t6, 16(a0)
        add     t0, t0, t6
        sb      t0, 24(a0)
        sh      t1, 26(a0)
        sw      t2, 28(a0)
        sd      t3, 32(a0)
        sd      t0, -24(s0)
        ld      a1, -24(s0)
        addi    a1, a1, 1
        sd      a1, -24(s0)
        ld      a2, -24(s0)
        sw      a2, -28(s0)
        lw      a3, -28(s0)
        lwu     a3, -28(s0)
        sh      a3, -32(s0)
        lhu     a4, -32(s0)
        lh      a4, -32(s0)
        sb      a4, -40(s0)
        lbu     a5, -40(s0)
        lb      a5, -40(s0)
        ld      s0, 48(sp)
        ld      ra, 56(sp)
        addi    sp, sp, 64
        ret

        .type   copies, @function
copies: addi    sp, sp, -16
        la      a0, numbers
        lbu     t0, 0(a0)
        lbu     t1, 1(a0)
        lbu     t2, 2(a0)
        lbu     t3, 3(a0)
        sb      t0, 8(sp)
        sb      t1, 9(sp)
        sb      t2, 10(sp)
        sb      t3, 11(sp)
        lw      t4, 8(sp)
        addi    a1, sp, 8
        sh      t4, 0(sp)
        sh      t4, 2(sp)
        lw      t5, 0(sp)
        la      a1, places
        ld      a1, 0(a1)
        sb      t0, 4(a1)
        sb      t1, 5(a1)
        sb      t2, 6(a1)
        sb      t3, 7(a1)
        lw      t5, 4(a0)
        mv      a2, a0
        addi    a3, a0, 64
1:      lbu     t0, 0(a2)
        lbu     t1, 64(a2)
        xor     t0, t0, t1
        sb      t0, 128(a2)
        addi    a2, a2, 1
        bne     a2, a3, 1b
        addi    sp, sp, 16
        ret

        .type   doubles, @function
doubles:
        la      a0, numbers
        fld     fa0, 512(a0)
        fcvt.d.l fa1, s0
        fcvt.d.lu fa2, s0
        fcvt.d.w fa3, s0
        fcvt.d.wu fa4, s0
        fadd.d  fa0, fa0, fa1
        fsub.d  fa2, fa0, fa1
        fmul.d  fa3, fa2, fa1
        fdiv.d  fa4, fa3, fa1
        fsqrt.d fa5, fa1
        fmadd.d fa6, fa1, fa2, fa3
        fmsub.d fa7, fa1, fa2, fa3
        fnmadd.d ft0, fa1, fa2, fa3
        fnmsub.d ft1, fa1, fa2, fa3
        fsgnj.d ft2, fa1, fa2
        fneg.d  ft3, fa1
        fabs.d  ft4, fa1
        fmin.d  ft5, fa1, fa2
        fmax.d  ft6, fa1, fa2
        feq.d   t0, fa1, fa2
        flt.d   t1, fa1, fa2
        fle.d   t2, fa1, fa2
        fclass.d t3, fa1
        fcvt.l.d t4, fa5, rtz
        fcvt.lu.d t5, fa5, rtz
        fcvt.w.d t6, fa5, rtz
        fcvt.wu.d a1, fa5, rtz
        fmv.x.d a2, fa5
        fmv.d.x ft7, a2
        fcvt.s.d ft8, fa5
        fcvt.d.s ft9, ft8
        fmv.d.x ft10, zero
        fdiv.d  ft11, fa1, ft10         # division by zero
        fsd     fa5, 512(a0)
        ret

        .type   singles, @function
singles:
        la      a0, numbers
        flw     fa0, 520(a0)
        fcvt.s.l fa1, s0
        fcvt.s.lu fa2, s0
        fcvt.s.w fa3, s0
        fcvt.s.wu fa4, s0
        fadd.s  fa0, fa0, fa1
        fsub.s  fa2, fa0, fa1
        fmul.s  fa3, fa2, fa1
        fdiv.s  fa4, fa3, fa1
        fsqrt.s fa5, fa1
        fmadd.s fa6, fa1, fa2, fa3
        fmsub.s fa7, fa1, fa2, fa3
        fnmadd.s ft0, fa1, fa2, fa3
        fnmsub.s ft1, fa1, fa2, fa3
        fsgnj.s ft2, fa1, fa2
        fneg.s  ft3, fa1
        fabs.s  ft4, fa1
        fmin.s  ft5, fa1, fa2
        fmax.s  ft6, fa1, fa2
        feq.s   t0, fa1, fa2
        flt.s   t1, fa1, fa2
        fle.s   t2, fa1, fa2
        fclass.s t3, fa1
        fcvt.l.s t4, fa5, rtz
        fcvt.lu.s t5, fa5, rtz
        fcvt.w.s t6, fa5, rtz
        fcvt.wu.s a1, fa5, rtz
        fmv.x.w a2, fa5
        fmv.w.x ft7, a2
        fsw     fa5, 520(a0)
        ret

        .type   atomics, @function
atomics:
        la      a0, numbers
1:      lr.w    t0, (a0)
        addi    t0, t0, 1
        sc.w    t1, t0, (a0)
        bnez    t1, 1b
2:      lr.d    t0, (a0)
        sc.d    t1, t0, (a0)
        bnez    t1, 2b
        amoswap.w t2, t0, (a0)
        amoadd.w t2, t0, (a0)
        amoor.w t2, t0, (a0)
        amoand.w t2, t0, (a0)
        amoadd.d t2, t0, (a0)
        amoswap.d t2, t0, (a0)
        ret

        .type   registers_of_state, @function
registers_of_state:
        frflags t0
        fsflags t0
        frrm    t1
        fsrm    t1
        frcsr   t2
        rdinstret t3
        ret

        .type   branches, @function
branches:
        li      t0, 10
        beq     a0, t0, 1f
        bne     a0, t0, 1f
        nop
1:      blt     a0, t0, 2f
        bge     a0, t0, 2f
        nop
2:      bltu    a0, t0, 3f
        bgeu    a0, t0, 3f
        nop
3:      sext.w  t1, a0
        sext.w  t2, t0
        blt     t1, t2, 4f
        addiw   t1, t1, 1
        j       5f
4:      addiw   t1, t1, -1
5:      beq     t1, t2, 4b
        ret

# Loops in a loop, the inner one with two ways through it.
        .type   nest, @function
nest:   li      a0, 0
        li      a1, 3
1:      li      a2, 4
2:      and     t0, a1, a2
        beqz    t0, 3f
        add     a0, a0, t0
        j       4f
3:      addi    a0, a0, 1
4:      addi    a2, a2, -1
        bnez    a2, 2b
        addi    a1, a1, -1
        bnez    a1, 1b
        ret

# A loop that is come to in two places.
        .type   doors, @function
        .globl  doors, entrances
entrances:
doors:  li      a1, 5
        andi    t0, a0, 1
        beqz    t0, 2f
1:      addi    a0, a0, 3
2:      addi    a1, a1, -1
        bnez    a1, 1b
        ret

        .type   fib, @function
fib:    li      t0, 2
        blt     a0, t0, 1f
        addi    sp, sp, -32
        sd      ra, 24(sp)
        sd      s0, 16(sp)
        sd      s1, 8(sp)
        mv      s0, a0
        addi    a0, s0, -1
        call    fib
        mv      s1, a0
        addi    a0, s0, -2
        call    fib
        add     a0, a0, s1
        ld      s1, 8(sp)
        ld      s0, 16(sp)
        ld      ra, 24(sp)
        addi    sp, sp, 32
1:      ret

        .type   table, @function
table:  la      t0, targets
        slli    t1, a0, 3
        add     t0, t0, t1
        ld      a1, 0(t0)
        jr      a1
case0:  addi    a0, a0, 1
        ret
case1:  slli    a0, a0, 1
        ret
case2:  andi    a0, a0, 1
        bnez    a0, case0
        ret
case3:  xori    a0, a0, 3
        j       table

# Reads the stack, the data and the heap in turn, of which one run of pages is known at a time.
        .type   elsewhere, @function
elsewhere:
        la      t0, places
        andi    t1, s0, 3
        slli    t1, t1, 3
        add     t0, t0, t1
        ld      t0, 0(t0)
        bnez    t0, 1f
        mv      t0, sp
1:      ld      t1, 0(t0)
        sd      t1, 0(t0)
        ret

        .type   mix, @function
mix:    andi    t0, a0, 1
        beqz    t0, 1f
        srli    a0, a0, 1
        sllw    a0, a0, t0
        ret
1:      addw    a0, a0, a0
        sltiu   t0, a0, 100
        ret

        .type   system_calls, @function
system_calls:
        li      a7, 214                 # brk
        li      a0, 0
        ecall
        la      t0, places
        sd      a0, 8(t0)
        li      t1, 0x21000
        add     a0, a0, t1
        ecall
        li      a7, 96                  # set_tid_address
        la      a0, buffer
        ecall
        li      a7, 99                  # set_robust_list
        li      a1, 24
        ecall
        li      a7, 261                 # prlimit64
        li      a0, 0
        li      a1, 3
        li      a2, 0
        la      a3, buffer
        ecall
        li      a7, 278                 # getrandom
        la      a0, buffer
        li      a1, 8
        li      a2, 1
        ecall
        li      a7, 78                  # readlinkat
        li      a0, -100
        la      a1, self
        la      a2, buffer
        li      a3, 128
        ecall
        li      a7, 56                  # openat, of what is not there
        li      a0, -100
        la      a1, buffer
        li      a2, 0
        ecall
        li      a7, 79                  # newfstatat, of standard output
        li      a0, 1
        la      a1, empty
        la      a2, buffer
        li      a3, 0x1000
        ecall
        li      a7, 80                  # fstat
        li      a0, 1
        la      a1, buffer
        ecall
        li      a7, 29                  # ioctl TCGETS
        li      a0, 1
        li      a1, 0x5401
        la      a2, buffer
        ecall
        li      a7, 222                 # mmap
        li      a0, 0
        li      a1, 0x4000
        li      a2, 3
        li      a3, 0x22
        li      a4, -1
        li      a5, 0
        ecall
        la      t0, places
        sd      a0, 24(t0)
        li      a7, 226                 # mprotect
        li      a1, 0x1000
        li      a2, 1
        ecall
        li      a2, 3
        la      t0, places
        ld      a0, 24(t0)
        ecall
        li      a7, 134                 # rt_sigaction
        li      a0, 10
        li      a1, 0
        la      a2, buffer
        li      a3, 8
        ecall
        li      a7, 135                 # rt_sigprocmask
        li      a0, 0
        li      a1, 0
        la      a2, buffer
        li      a3, 8
        ecall
        li      a7, 113                 # clock_gettime
        li      a0, 1
        la      a1, buffer
        ecall
        li      a7, 169                 # gettimeofday
        la      a0, buffer
        li      a1, 0
        ecall
        li      a7, 160                 # uname
        la      a0, buffer
        ecall
        li      a7, 172                 # getpid
        ecall
        li      a7, 64                  # write
        li      a0, 1
        la      a1, line
        li      a2, 1
        ecall
        li      a7, 66                  # writev
        li      a0, 1
        la      a1, vector
        li      a2, 1
        ecall
        ret

# Takes a permission from pages that code has relied on, and gives it back.
        .type   permissions, @function
permissions:
        la      t0, places
        ld      a0, 24(t0)
        li      a1, 0x1000
        li      a2, 1
        li      a7, 226                 # mprotect
        ecall
        li      a2, 3
        la      t0, places
        ld      a0, 24(t0)
        ecall
        la      t0, places
        ld      a0, 24(t0)
        li      a7, 215                 # munmap
        li      a1, 0x4000
        ecall
        ret

        .section .rodata
self:   .string "/proc/self/exe"
empty:  .string ""
line:   .string "\n"
        .align  3
targets:
        .dword  case0, case1, case2, case3
vector: .dword  line, 1

        .data
        .align  3
places: .dword  numbers, 0, 0, 0
numbers:
        .zero   640
buffer: .zero   512
