# Every form of instruction operand, with registers that compress and registers that do not.
        .text
        .globl _start
_start:
        lui a0, 1
        lui a0, 0xfffff
        lui sp, 3
        lui a1, 0x20
        lui zero, 5
        auipc a0, 0
        auipc t6, 0xfffff
        addi a0, a0, 1
        addi a0, a0, 0
        addi a0, a1, 0
        addi a0, a1, 5
        addi a0, a0, -32
        addi a0, a0, -33
        addi sp, sp, 16
        addi sp, sp, -512
        addi sp, sp, 496
        addi sp, sp, 512
        addi sp, sp, 8
        addi a0, sp, 4
        addi a0, sp, 1020
        addi a0, sp, 1024
        addi s2, sp, 8
        addi x0, x0, 0
        addi x0, x0, 1
        addi a0, zero, 7
        addi a0, x0, -100
        addi a0, a0, 0x7ff
        addi a0, a0, -0x800
        slti a0, a1, -1
        sltiu a0, a1, 1
        sltiu a0, a1, 2
        xori a0, a1, -1
        xori a0, a1, 5
        ori a0, a1, 6
        andi a0, a0, 15
        andi a0, a0, -32
        andi a0, a0, 32
        andi t0, t0, 1
        andi a0, a1, 255
        slli a0, a0, 1
        slli a0, a0, 63
        slli t5, t5, 32
        slli a0, a1, 3
        slli a0, a0, 0
        srli a0, a0, 4
        srli t0, t0, 4
        srai s1, s1, 60
        srai a0, a1, 60
        add a0, a0, a1
        add a0, a1, a0
        add a0, a1, a2
        add a0, zero, a1
        add a0, a1, zero
        add zero, zero, a0
        add t0, t0, t1
        add a0, a1, 5
        add sp, sp, -16
        add a0, a0, 3
        sub a0, a0, a1
        sub a0, a1, a0
        sub t0, t0, t1
        sll a0, a1, a2
        sll a0, a1, 5
        sll a0, a0, 5
        slt a0, a1, a2
        slt a0, a1, 9
        sltu a0, a1, a2
        sltu a0, a1, 9
        xor a0, a0, a1
        xor a0, a1, a0
        xor a0, a1, a2
        xor a0, a0, 9
        srl a0, a1, a2
        srl a0, a0, 2
        sra a0, a1, a2
        sra a0, a0, 2
        or a0, a0, a1
        or a0, a0, 1
        or t0, t0, t1
        and a0, a0, a1
        and a0, a1, a0
        and a0, a0, 7
        and t0, t1, 7
        addiw a0, a0, 1
        addiw a0, a0, 0
        addiw a0, a1, 0
        addiw a0, a1, 1
        addiw t0, t0, -32
        slliw a0, a0, 31
        srliw a0, a0, 1
        sraiw a0, a0, 1
        addw a0, a0, a1
        addw a0, a1, a0
        addw t0, t1, t2
        addw a0, a1, 4
        addw a0, a0, 4
        subw a0, a0, a1
        subw a0, a1, a2
        sllw a0, a1, a2
        sllw a0, a1, 3
        srlw a0, a1, a2
        srlw a0, a1, 3
        sraw a0, a1, a2
        sraw a0, a1, 3
        mul a0, a1, a2
        mulh a0, a1, a2
        mulhsu a0, a1, a2
        mulhu a0, a1, a2
        div a0, a1, a2
        divu a0, a1, a2
        rem a0, a1, a2
        remu a0, a1, a2
        mulw a0, a1, a2
        divw a0, a1, a2
        divuw a0, a1, a2
        remw a0, a1, a2
        remuw a0, a1, a2

        lb a0, 0(a1)
        lbu a0, -1(a1)
        lh a0, 2(sp)
        lhu a0, (a1)
        lw a0, 0(a1)
        lw a0, 124(a1)
        lw a0, 128(a1)
        lw a0, 3(a1)
        lw a0, -4(a1)
        lw a0, 252(sp)
        lw a0, 256(sp)
        lw t0, (sp)
        lw t0, 4(a0)
        lw zero, 4(sp)
        lwu a0, 4(a1)
        ld a0, 0(a1)
        ld a0, 248(a1)
        ld a0, 256(a1)
        ld a0, 504(sp)
        ld a0, 512(sp)
        ld ra, (sp)
        ld zero, 8(sp)
        sb a0, 1(a1)
        sh a0, 2(a1)
        sw a0, 0(a1)
        sw a0, 124(a1)
        sw t0, 124(a1)
        sw t0, 252(sp)
        sw zero, 0(sp)
        sd a0, 8(a1)
        sd a0, 504(sp)
        sd a0, 512(sp)
        sd s11, (sp)
        sd a0, -8(s0)

        jalr a0
        jalr ra, a0
        jalr zero, ra
        jalr zero, 0(ra)
        jalr ra, 0(t0)
        jalr ra, t0, 8
        jalr t0, 4(t1)
        jalr 4(t1)
        jr a0
        jr ra
        jr 8(a0)
        ret
        fence
        fence rw, w
        fence iorw, iorw
        fence r, r
        fence i, o
        fence.tso
        fence.i
        ecall
        ebreak
        unimp
        nop
        mv a0, a1
        mv a0, zero
        mv zero, a0
        mv t0, sp
        not a0, a1
        neg a0, a1
        negw a0, a1
        sext.b a0, a1
        sext.h a0, a0
        sext.w a0, a1
        sext.w a0, a0
        zext.b a0, a1
        zext.h a0, a1
        zext.w a0, a1
        zext.w a0, a0
        seqz a0, a1
        snez a0, a1
        sltz a0, a1
        sgtz a0, a1
        sgt a0, a1, a2
        sgtu a0, a1, a2

        csrrw a0, mstatus, a1
        csrrs a0, cycle, zero
        csrrc a0, 0x300, a1
        csrrwi a0, mepc, 5
        csrrsi a0, fcsr, 31
        csrrci a0, time, 0
        csrr a0, instret
        csrw mscratch, a0
        csrs mie, a0
        csrc mip, a0
        csrwi mscratch, 1
        csrsi mstatus, 8
        csrci mstatus, 8
        csrw mscratch, 7
        csrrw a0, mscratch, 7
        rdcycle a0
        rdtime a0
        rdinstret a0

        lr.w a0, (a1)
        lr.d.aq a0, (a1)
        sc.w a0, a1, (a2)
        sc.d.rl a0, a1, 0(a2)
        amoswap.w a0, a1, (a2)
        amoadd.d.aqrl a0, a1, (a2)
        amoxor.w a0, a1, (a2)
        amoand.d a0, a1, (a2)
        amoor.w.aq a0, a1, (a2)
        amomin.d a0, a1, (a2)
        amomax.w a0, a1, (a2)
        amominu.d a0, a1, (a2)
        amomaxu.w a0, a1, (a2)

        c.nop
        c.addi a0, 1
        c.addiw a0, -1
        c.li a0, 31
        c.lui a0, 1
        c.lui a0, 0xfffff
        c.addi16sp sp, -64
        c.addi4spn a0, sp, 16
        c.lw a0, 4(a1)
        c.ld a0, 8(a1)
        c.sw a0, 4(a1)
        c.sd a0, 8(a1)
        c.lwsp a0, 4(sp)
        c.ldsp a0, 8(sp)
        c.swsp a0, 4(sp)
        c.sdsp a0, 8(sp)
        c.mv a0, t0
        c.add a0, t0
        c.sub a0, a1
        c.xor a0, a1
        c.or a0, a1
        c.and a0, a1
        c.subw a0, a1
        c.addw a0, a1
        c.slli a0, 3
        c.srli a0, 3
        c.srai a0, 3
        c.andi a0, 3
        c.jr a0
        c.jalr a0
        c.ebreak

        li a0, 0
        li a0, 31
        li a0, 32
        li a0, -32
        li a0, -33
        li a0, 2047
        li a0, 2048
        li a0, -2048
        li a0, -2049
        li a0, 4096
        li a0, 0x1f000
        li a0, 0x20000
        li a0, 0x12345678
        li a0, 0x7fffffff
        li a0, 0x80000000
        li a0, -0x80000000
        li a0, 0xffffffff
        li a0, 0x123456789abcdef0
        li a0, -1
        li t0, 0xdeadbeefcafebabe
        li sp, 0x8000000000000000
        li a0, 1 << 40
        li a0, 0x7ffff800
        li a0, 'A'
        li a0, (1 << 12) | 3

        .option norvc
        addi a0, a0, 1
        li a0, 5
        mv a0, a1
        ret
        j _start
        beqz a0, 1f
1:      nop
        .option rvc
        la a0, 1234

        # CSRs by the names of the past
        csrr a0, sbadaddr
        csrr a0, mbadaddr
        csrr a0, mucounteren
        csrr a0, sptbr
        csrw dscratch, a1
        .nop
