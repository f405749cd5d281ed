# .insn in every format, with numbers and names of opcodes.
        .text
        .globl  _start
_start:
        .insn   r 0x33, 0, 0, a0, a1, a2
        .insn   r OP, 7, 32, x31, x1, x16
        .insn   r CUSTOM_0, 1, 2, a0, a1, a2
        .insn   r 0x43, 0, 0, a0, a1, a2, a3
        .insn   r4 MADD, 7, 3, fa0, fa1, fa2, fa3
        .insn   r OP_FP, 7, 1, fa0, fa1, fa2
        .insn   r OP_FP, 1, 0x50, a0, fa1, fa2
        .insn   i 0x13, 0, a0, a1, 5
        .insn   i OP_IMM_32, 0, a0, a1, -2048
        .insn   i LOAD, 2, a0, 4(a1)
        .insn   i LOAD, 2, a0, (a1)
        .insn   i LOAD_FP, 3, fa0, -8(sp)
        .insn   i JALR, 0, ra, 0(a0)
        .insn   i OP_IMM, 0, a0, a0, %lo(_start)
        .insn   s STORE, 3, a0, 8(a1)
        .insn   s STORE_FP, 2, fa0, -4(a1)
        .insn   s STORE, 3, a0, %lo(_start)(a1)
        .insn   b BRANCH, 0, a0, a1, 1f
        .insn   sb 0x63, 5, a0, a1, _start
        .insn   u LUI, a0, 0x12345
        .insn   u LUI, a0, %hi(_start)
        .insn   u AUIPC, x0, 0xfffff
        .insn   j JAL, a0, 1f
        .insn   uj 0x6f, ra, _start
1:      .insn   cr 2, 8, a0, a1
        .insn   cr C2, 9, a0, a1
        .insn   ci 1, 0, a0, -5
        .insn   ciw 0, 0, a0, 255
        .insn   css 2, 6, a0, 63
        .insn   cl 0, 2, a0, 5(a1)
        .insn   cs C0, 6, a0, 31(a1)
        .insn   ca 1, 0x23, 0, a0, a1
        .insn   cb 1, 6, a0, 1b
        .insn   cj 1, 5, 1b
        .insn   0x00000013
        .insn   0x0001
        .insn   4, 0x13
        .insn   2, 0x1
