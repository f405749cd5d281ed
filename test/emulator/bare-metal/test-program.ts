/**
 * A program of the form that the public ISA tests have: start code that probes the CSRs which a hart may lack, with mtvec set to go
 * on behind each, and then enters the test in a mode by mret; `tohost` is 1 in the end, or tells the number of the check that failed.
 * `check NUMBER, REGISTER, VALUE` is one check; `handler` is jumped to on a trap, where it is defined, with t5 and t6 changed.
 */
export function testProgram(mode: 'user' | 'machine', body: string): string {
  return `
        .macro check number, register, value
        li gp, \\number
        li t6, \\value
        bne \\register, t6, fail
        .endm
        .macro probe csr
        la t0, 9f
        csrw mtvec, t0
        csrwi \\csr, 0
        .balign 4
9:
        .endm

        .section .text
        .globl _start
_start: j reset
        .balign 4
trap:   csrr t5, mcause
        li t6, 8
        beq t5, t6, ended
        li t6, 11
        beq t5, t6, ended
        la t5, handler
        beqz t5, other
        jr t5
other:  ori gp, gp, 1337
ended:  sw gp, tohost, t5
        sw zero, tohost + 4, t5
        j ended
fail:   fence
        slli gp, gp, 1
        ori gp, gp, 1
        ecall
pass:   fence
        li gp, 1
        ecall
reset:  csrr a0, mhartid
1:      bnez a0, 1b
        probe 0x744
        probe satp
        la t0, 1f
        csrw mtvec, t0
        li t0, (1 << 53) - 1
        csrw pmpaddr0, t0
        li t0, 0x1f
        csrw pmpcfg0, t0
        .balign 4
1:      probe medeleg
        probe mideleg
        csrwi mie, 0
        li gp, 0
        la t0, trap
        csrw mtvec, t0
        csrwi mstatus, 0
        li t0, ${mode === 'machine' ? '0x1800' : '0'}
        csrs mstatus, t0
        la t0, body
        csrw mepc, t0
        csrr a0, mhartid
        mret
        .balign 4
body:
${body}
        j pass
        .weak handler

        .section .tohost, "aw", @progbits
        .balign 64
        .globl tohost
tohost: .dword 0
        .size tohost, 8
        .balign 64
        .globl fromhost
fromhost: .dword 0
        .size fromhost, 8
`;
}
