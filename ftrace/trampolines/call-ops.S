# The trampoline of model "call-ops": Linux 6.16 and later on RISC-V, with
# CALL_OPS and direct calls. The order of the instructions is the kernel's
# (arch/riscv/kernel/mcount-dyn.S, with HAVE_FUNCTION_GRAPH_FP_TEST).
#
# A traced function F starts with
#
#       F-8:  the address of the ftrace_ops to call
#       F:    auipc t0, %hi(ftrace_caller)
#       F+4:  jalr  t0, %lo(ftrace_caller)(t0)
#
# so that ftrace_caller starts with t0 = F+8, where the function goes on, and
# ra = the return address into F's caller. Which tracer is called is decided per
# call site, by the pointer at F-8 = -16(t0).

        # struct ftrace_regs on the stack: byte offsets, and its size, a multiple
        # of the stack's alignment of 16. The field direct_tramp at 40 is unused.
        .equ FREGS_EPC, 0
        .equ FREGS_RA, 8
        .equ FREGS_SP, 16
        .equ FREGS_S0, 24
        .equ FREGS_T1, 32
        .equ FREGS_A0, 48
        .equ FREGS_A1, 56
        .equ FREGS_A2, 64
        .equ FREGS_A3, 72
        .equ FREGS_A4, 80
        .equ FREGS_A5, 88
        .equ FREGS_A6, 96
        .equ FREGS_A7, 104
        .equ FREGS_SIZE_ON_STACK, 112

        # From the return address in t0 back to the record's ip, the jalr.
        .equ MCOUNT_INSN_SIZE, 4

        # struct ftrace_ops, as far as the trampoline reads it.
        .equ FTRACE_OPS_FUNC, 0
        .equ FTRACE_OPS_DIRECT_CALL, 0x180

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

        # An ops of direct calls alone needs no frame.
        ld t1, -16(t0)                  # op
        ld t1, FTRACE_OPS_DIRECT_CALL(t1)
        bnez t1, .Ldirect

        # Save: only what is live at a function's entry.
        addi sp, sp, -FREGS_SIZE_ON_STACK
        .cfi_def_cfa_offset 112
        sd t0, FREGS_EPC(sp)
        .cfi_rel_offset t0, FREGS_EPC
        sd ra, FREGS_RA(sp)
        .cfi_rel_offset ra, FREGS_RA
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
        mv a0, sp
        addi a0, a0, FREGS_SIZE_ON_STACK
        sd a0, FREGS_SP(sp)             # the caller's sp

        # The tracer's arguments: (ip, parent_ip, op, fregs).
        addi a0, t0, -MCOUNT_INSN_SIZE  # ip = F+4
        mv a1, ra                       # parent_ip
        ld a2, -16(t0)                  # op
        ld ra, FTRACE_OPS_FUNC(a2)
        mv a3, sp                       # fregs
        jalr ra

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
        # taken. The frame is a struct ftrace_regs, of which four fields are used.
        .globl return_to_handler
        .type return_to_handler, @function
return_to_handler:
        .cfi_startproc
        addi sp, sp, -FREGS_SIZE_ON_STACK
        .cfi_def_cfa_offset 112
        sd ra, FREGS_RA(sp)
        .cfi_rel_offset ra, FREGS_RA
        sd s0, FREGS_S0(sp)
        .cfi_rel_offset s0, FREGS_S0
        sd a0, FREGS_A0(sp)
        sd a1, FREGS_A1(sp)
        addi s0, sp, FREGS_SIZE_ON_STACK
        mv a0, sp
        call ftrace_return_to_handler   # gives the true return address
        mv a2, a0
        ld ra, FREGS_RA(sp)
        ld s0, FREGS_S0(sp)
        ld a0, FREGS_A0(sp)
        ld a1, FREGS_A1(sp)
        addi sp, sp, FREGS_SIZE_ON_STACK
        .cfi_def_cfa_offset 0
        .cfi_restore ra, s0
        jalr a2                         # no plain return: it links ra
        .cfi_endproc
        .size return_to_handler, .-return_to_handler
