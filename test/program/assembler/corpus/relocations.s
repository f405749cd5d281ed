# .reloc, .symver, thread-local common blocks, wide numbers
        .option norvc
        .globl _start
_start: auipc a0, 0
        addi a0, a0, 0
        .reloc _start, R_RISCV_PCREL_HI20, datum
        .reloc _start + 4, R_RISCV_PCREL_LO12_I, _start
        .reloc 8, R_RISCV_HI20, datum
        lui a1, 0
        .reloc ., R_RISCV_LO12_I, datum
        addi a1, a1, 0
        .reloc ., R_RISCV_JAL, _start
        .insn 0x6f
        .reloc ., R_RISCV_NONE
        lui a5, %tprel_hi(block)
        add a5, a5, tp, %tprel_add(block)
        lw a5, %tprel_lo(block)(a5)
        .symver versioned, other@VERSION_1
versioned:
        ret
        .tls_common block, 8, 8
        .data
datum:  .dword 0
        .reloc datum, R_RISCV_64, _start
        .word 0
        .reloc 8, R_RISCV_32, datum
        .dc.x 1.5, -2.25, 0
        .dcb.x 2, 1.0e100
        .word -0xffffffff
        .byte -255
