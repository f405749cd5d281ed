# The trampoline of model "args": Linux 6.10 to 6.15 on RISC-V, where ftrace_regs
# took the place of pt_regs. The order of the instructions is the kernel's
# (arch/riscv/kernel/mcount-dyn.S, with HAVE_FUNCTION_GRAPH_FP_TEST).
#
# A traced function F starts with
#
#       F:    auipc t0, %hi(ftrace_caller)
#       F+4:  jalr  t0, %lo(ftrace_caller)(t0)
#
# so that ftrace_caller starts with t0 = F+8, where the function goes on, and
# ra = the return address into F's caller.

        # struct ftrace_regs on the stack: byte offsets, and its size rounded up
        # to the stack's alignment of 16.
        .equ FREGS_EPC, 0
        .equ FREGS_RA, 8
        .equ FREGS_SP, 16
        .equ FREGS_S0, 24
        .equ FREGS_T1, 32
        .equ FREGS_A0, 40
        .equ FREGS_A1, 48
        .equ FREGS_A2, 56
        .equ FREGS_A3, 64
        .equ FREGS_A4, 72
        .equ FREGS_A5, 80
        .equ FREGS_A6, 88
        .equ FREGS_A7, 96
        .equ FREGS_SIZE_ON_STACK, 112

        # From the return address in t0 back to the function's first byte.
        .equ FENTRY_RA_OFFSET, 8

        # ftrace_call below is rewritten while the program runs: its two
        # instructions have four bytes each and stay two.
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
        mv t1, zero                     # not zero on return: a direct call
        mv t4, sp                       # the caller's sp

        # Save: only what is live at a function's entry.
        addi sp, sp, -FREGS_SIZE_ON_STACK
        .cfi_def_cfa_offset 112
        sd t0, FREGS_EPC(sp)
        .cfi_rel_offset t0, FREGS_EPC
        sd ra, FREGS_RA(sp)
        .cfi_rel_offset ra, FREGS_RA
        sd t4, FREGS_SP(sp)
        sd s0, FREGS_S0(sp)
        .cfi_rel_offset s0, FREGS_S0
        sd t1, FREGS_T1(sp)
        sd a0, FREGS_A0(sp)
        .cfi_rel_offset a0, FREGS_A0
        sd a1, FREGS_A1(sp)
        .cfi_rel_offset a1, FREGS_A1
        sd a2, FREGS_A2(sp)
        .cfi_rel_offset a2, FREGS_A2
        sd a3, FREGS_A3(sp)
        .cfi_rel_offset a3, FREGS_A3
        sd a4, FREGS_A4(sp)
        .cfi_rel_offset a4, FREGS_A4
        sd a5, FREGS_A5(sp)
        .cfi_rel_offset a5, FREGS_A5
        sd a6, FREGS_A6(sp)
        .cfi_rel_offset a6, FREGS_A6
        sd a7, FREGS_A7(sp)
        .cfi_rel_offset a7, FREGS_A7

        # The tracer's arguments: (ip, parent_ip, op, fregs).
        addi a0, t0, -FENTRY_RA_OFFSET  # ip = F
        la a1, function_trace_op
        ld a2, 0(a1)                    # op
        mv a1, ra                       # parent_ip
        mv a3, sp                       # fregs

        # Calls the tracer while any function is traced, ftrace_stub otherwise.
        .globl ftrace_call
ftrace_call:
        call ftrace_stub

        # Restore: what the tracer wrote into the frame is in force from here.
        # sp is not loaded, so writing its field changes nothing.
        ld t0, FREGS_EPC(sp)
        ld ra, FREGS_RA(sp)
        ld s0, FREGS_S0(sp)
        ld t1, FREGS_T1(sp)
        ld a0, FREGS_A0(sp)
        ld a1, FREGS_A1(sp)
        ld a2, FREGS_A2(sp)
        ld a3, FREGS_A3(sp)
        ld a4, FREGS_A4(sp)
        ld a5, FREGS_A5(sp)
        ld a6, FREGS_A6(sp)
        ld a7, FREGS_A7(sp)
        addi sp, sp, FREGS_SIZE_ON_STACK
        .cfi_def_cfa_offset 0
        .cfi_restore t0, ra, s0, a0, a1, a2, a3, a4, a5, a6, a7

        bnez t1, .Ldirect
        jr t0                           # back to F+8
.Ldirect:
        jr t1                           # the direct call's trampoline
        .cfi_endproc
        .size ftrace_caller, .-ftrace_caller

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
