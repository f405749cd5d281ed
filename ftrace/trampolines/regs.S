# The trampolines of model "regs": Linux 6.3 to 6.9 on RISC-V, where the tracer
# got a whole struct pt_regs. The order of the instructions is the kernel's
# (arch/riscv/kernel/mcount-dyn.S of 6.8, with HAVE_FUNCTION_GRAPH_FP_TEST).
#
# A traced function F starts with
#
#       F:    auipc t0, %hi(ftrace_caller)
#       F+4:  jalr  t0, %lo(ftrace_caller)(t0)
#
# or with ftrace_regs_caller in its place where a tracer wants all registers, so
# that the trampoline starts with t0 = F+8, where the function goes on, and ra =
# the return address into F's caller.

        # struct pt_regs on the stack: byte offsets and size. status, badaddr,
        # cause and orig_a0 at 256 to 280 stay what the stack held before.
        .equ PT_EPC, 0
        .equ PT_RA, 8
        .equ PT_SP, 16
        .equ PT_GP, 24
        .equ PT_TP, 32
        .equ PT_T0, 40
        .equ PT_T1, 48
        .equ PT_T2, 56
        .equ PT_S0, 64
        .equ PT_S1, 72
        .equ PT_A0, 80
        .equ PT_A1, 88
        .equ PT_A2, 96
        .equ PT_A3, 104
        .equ PT_A4, 112
        .equ PT_A5, 120
        .equ PT_A6, 128
        .equ PT_A7, 136
        .equ PT_S2, 144
        .equ PT_S3, 152
        .equ PT_S4, 160
        .equ PT_S5, 168
        .equ PT_S6, 176
        .equ PT_S7, 184
        .equ PT_S8, 192
        .equ PT_S9, 200
        .equ PT_S10, 208
        .equ PT_S11, 216
        .equ PT_T3, 224
        .equ PT_T4, 232
        .equ PT_T5, 240
        .equ PT_T6, 248
        .equ PT_SIZE_ON_STACK, 288

        # From the return address in t0 back to the function's first byte.
        .equ FENTRY_RA_OFFSET, 8

        # ftrace_call and ftrace_regs_call below are rewritten while the program
        # runs: their two instructions have four bytes each and stay two.
        .option norvc
        .option norelax

        .text
        .align 2
        .globl ftrace_caller
        .type ftrace_caller, @function
ftrace_caller:
        .cfi_startproc
        .cfi_return_column t0           # the traced function goes on at t0,
        .cfi_signal_frame               # with every register as it was
        addi sp, sp, -PT_SIZE_ON_STACK
        .cfi_def_cfa_offset 288
        sd t0, PT_EPC(sp)
        .cfi_rel_offset t0, PT_EPC
        sd ra, PT_RA(sp)
        .cfi_rel_offset ra, PT_RA
        sd a0, PT_A0(sp)
        .cfi_rel_offset a0, PT_A0
        sd a1, PT_A1(sp)
        .cfi_rel_offset a1, PT_A1
        sd a2, PT_A2(sp)
        .cfi_rel_offset a2, PT_A2
        sd a3, PT_A3(sp)
        .cfi_rel_offset a3, PT_A3
        sd a4, PT_A4(sp)
        .cfi_rel_offset a4, PT_A4
        sd a5, PT_A5(sp)
        .cfi_rel_offset a5, PT_A5
        sd a6, PT_A6(sp)
        .cfi_rel_offset a6, PT_A6
        sd a7, PT_A7(sp)
        .cfi_rel_offset a7, PT_A7
        sd s0, PT_S0(sp)
        .cfi_rel_offset s0, PT_S0

        # The tracer's arguments: (ip, parent_ip, op, regs).
        addi a0, t0, -FENTRY_RA_OFFSET  # ip = F
        la a1, function_trace_op
        ld a2, 0(a1)                    # op
        mv a1, ra                       # parent_ip
        mv a3, sp                       # regs

        # Calls the tracer while any function is traced, ftrace_stub otherwise.
        .globl ftrace_call
ftrace_call:
        call ftrace_stub

        # Restore: what the tracer wrote into these fields is in force from here.
        ld t0, PT_EPC(sp)
        ld ra, PT_RA(sp)
        ld a0, PT_A0(sp)
        ld a1, PT_A1(sp)
        ld a2, PT_A2(sp)
        ld a3, PT_A3(sp)
        ld a4, PT_A4(sp)
        ld a5, PT_A5(sp)
        ld a6, PT_A6(sp)
        ld a7, PT_A7(sp)
        ld s0, PT_S0(sp)
        addi sp, sp, PT_SIZE_ON_STACK
        .cfi_def_cfa_offset 0
        .cfi_restore t0, ra, s0, a0, a1, a2, a3, a4, a5, a6, a7
        jr t0                           # back to F+8
        .cfi_endproc
        .size ftrace_caller, .-ftrace_caller

        # The same with every register.
        .globl ftrace_regs_caller
        .type ftrace_regs_caller, @function
ftrace_regs_caller:
        .cfi_startproc
        .cfi_return_column t0
        .cfi_signal_frame
        mv t1, zero                     # not zero on return: a direct call
        addi sp, sp, -PT_SIZE_ON_STACK
        .cfi_def_cfa_offset 288
        sd t0, PT_EPC(sp)
        .cfi_rel_offset t0, PT_EPC
        sd ra, PT_RA(sp)
        .cfi_rel_offset ra, PT_RA
        sd a0, PT_A0(sp)
        .cfi_rel_offset a0, PT_A0
        sd a1, PT_A1(sp)
        .cfi_rel_offset a1, PT_A1
        sd a2, PT_A2(sp)
        .cfi_rel_offset a2, PT_A2
        sd a3, PT_A3(sp)
        .cfi_rel_offset a3, PT_A3
        sd a4, PT_A4(sp)
        .cfi_rel_offset a4, PT_A4
        sd a5, PT_A5(sp)
        .cfi_rel_offset a5, PT_A5
        sd a6, PT_A6(sp)
        .cfi_rel_offset a6, PT_A6
        sd a7, PT_A7(sp)
        .cfi_rel_offset a7, PT_A7
        sd sp, PT_SP(sp)
        sd gp, PT_GP(sp)
        .cfi_rel_offset gp, PT_GP
        sd tp, PT_TP(sp)
        .cfi_rel_offset tp, PT_TP
        sd t0, PT_T0(sp)
        sd t1, PT_T1(sp)
        sd t2, PT_T2(sp)
        .cfi_rel_offset t2, PT_T2
        sd s0, PT_S0(sp)
        .cfi_rel_offset s0, PT_S0
        sd s1, PT_S1(sp)
        .cfi_rel_offset s1, PT_S1
        sd s2, PT_S2(sp)
        .cfi_rel_offset s2, PT_S2
        sd s3, PT_S3(sp)
        .cfi_rel_offset s3, PT_S3
        sd s4, PT_S4(sp)
        .cfi_rel_offset s4, PT_S4
        sd s5, PT_S5(sp)
        .cfi_rel_offset s5, PT_S5
        sd s6, PT_S6(sp)
        .cfi_rel_offset s6, PT_S6
        sd s7, PT_S7(sp)
        .cfi_rel_offset s7, PT_S7
        sd s8, PT_S8(sp)
        .cfi_rel_offset s8, PT_S8
        sd s9, PT_S9(sp)
        .cfi_rel_offset s9, PT_S9
        sd s10, PT_S10(sp)
        .cfi_rel_offset s10, PT_S10
        sd s11, PT_S11(sp)
        .cfi_rel_offset s11, PT_S11
        sd t3, PT_T3(sp)
        .cfi_rel_offset t3, PT_T3
        sd t4, PT_T4(sp)
        .cfi_rel_offset t4, PT_T4
        sd t5, PT_T5(sp)
        .cfi_rel_offset t5, PT_T5
        sd t6, PT_T6(sp)
        .cfi_rel_offset t6, PT_T6

        # The tracer's arguments: (ip, parent_ip, op, regs).
        addi a0, t0, -FENTRY_RA_OFFSET  # ip = F
        la a1, function_trace_op
        ld a2, 0(a1)                    # op
        mv a1, ra                       # parent_ip
        mv a3, sp                       # regs

        .globl ftrace_regs_call
ftrace_regs_call:
        call ftrace_stub

        # Restore: t0 comes from epc and not from its own field. sp is loaded from
        # its field, which holds the address of this frame.
        ld t0, PT_EPC(sp)
        ld ra, PT_RA(sp)
        ld a0, PT_A0(sp)
        ld a1, PT_A1(sp)
        ld a2, PT_A2(sp)
        ld a3, PT_A3(sp)
        ld a4, PT_A4(sp)
        ld a5, PT_A5(sp)
        ld a6, PT_A6(sp)
        ld a7, PT_A7(sp)
        ld sp, PT_SP(sp)
        ld gp, PT_GP(sp)
        ld tp, PT_TP(sp)
        ld t1, PT_T1(sp)
        ld t2, PT_T2(sp)
        ld s0, PT_S0(sp)
        ld s1, PT_S1(sp)
        ld s2, PT_S2(sp)
        ld s3, PT_S3(sp)
        ld s4, PT_S4(sp)
        ld s5, PT_S5(sp)
        ld s6, PT_S6(sp)
        ld s7, PT_S7(sp)
        ld s8, PT_S8(sp)
        ld s9, PT_S9(sp)
        ld s10, PT_S10(sp)
        ld s11, PT_S11(sp)
        ld t3, PT_T3(sp)
        ld t4, PT_T4(sp)
        ld t5, PT_T5(sp)
        ld t6, PT_T6(sp)
        addi sp, sp, PT_SIZE_ON_STACK
        .cfi_def_cfa_offset 0
        .cfi_restore t0, ra, s0, a0, a1, a2, a3, a4, a5, a6, a7
        .cfi_restore gp, tp, t2, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11
        .cfi_restore t3, t4, t5, t6
        bnez t1, .Ldirect
        jr t0                           # back to F+8
.Ldirect:
        jr t1                           # the direct call's trampoline
        .cfi_endproc
        .size ftrace_regs_caller, .-ftrace_regs_caller

        # Where a function returns to whose return address the graph tracer has
        # taken. struct fgraph_ret_regs: a1, a0, s0, ra.
        .equ RET_A1, 0
        .equ RET_A0, 8
        .equ RET_S0, 16
        .equ RET_RA, 24
        .equ RET_SIZE_ON_STACK, 32
        .globl return_to_handler
        .type return_to_handler, @function
return_to_handler:
        .cfi_startproc
        addi sp, sp, -RET_SIZE_ON_STACK
        .cfi_def_cfa_offset 32
        sd ra, RET_RA(sp)
        .cfi_rel_offset ra, RET_RA
        sd s0, RET_S0(sp)
        .cfi_rel_offset s0, RET_S0
        sd a0, RET_A0(sp)
        sd a1, RET_A1(sp)
        addi s0, sp, RET_SIZE_ON_STACK
        mv a0, sp
        call ftrace_return_to_handler   # gives the true return address
        mv a2, a0
        ld ra, RET_RA(sp)
        ld s0, RET_S0(sp)
        ld a0, RET_A0(sp)
        ld a1, RET_A1(sp)
        addi sp, sp, RET_SIZE_ON_STACK
        .cfi_def_cfa_offset 0
        .cfi_restore ra, s0
        jalr a2                         # no plain return: it links ra
        .cfi_endproc
        .size return_to_handler, .-return_to_handler
