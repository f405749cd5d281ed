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
        mv t1, zero                     # not zero on return: a direct call
        mv t4, sp                       # the caller's sp

        # Save: only what is live at a function's entry.
        addi sp, sp, -FREGS_SIZE_ON_STACK
        sd t0, FREGS_EPC(sp)
        sd ra, FREGS_RA(sp)
        sd t4, FREGS_SP(sp)
        sd s0, FREGS_S0(sp)
        sd t1, FREGS_T1(sp)
        sd a0, FREGS_A0(sp)
        sd a1, FREGS_A1(sp)
        sd a2, FREGS_A2(sp)
        sd a3, FREGS_A3(sp)
        sd a4, FREGS_A4(sp)
        sd a5, FREGS_A5(sp)
        sd a6, FREGS_A6(sp)
        sd a7, FREGS_A7(sp)

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

        bnez t1, .Ldirect
        jr t0                           # back to F+8
.Ldirect:
        jr t1                           # the direct call's trampoline
        .size ftrace_caller, .-ftrace_caller

        # What ftrace_call calls while nothing is traced.
        .globl ftrace_stub
        .type ftrace_stub, @function
ftrace_stub:
        ret
        .size ftrace_stub, .-ftrace_stub

        # The function tracer. When the hart is about to execute this ret, the
        # debugger reads ip, parent_ip and the frame, appends a record to the
        # ring buffer, and stops here if the marker says so.
        .globl function_trace_call
        .type function_trace_call, @function
function_trace_call:
        ret
        .size function_trace_call, .-function_trace_call

        # The ftrace_ops the tracer is called with: &global_ops while tracing,
        # &ftrace_list_end otherwise. The first field of an ops is its function.
        .data
        .align 3
        .globl function_trace_op
        .type function_trace_op, @object
function_trace_op:
        .dword ftrace_list_end
        .size function_trace_op, 8

        .globl ftrace_list_end
        .type ftrace_list_end, @object
ftrace_list_end:
        .dword ftrace_stub
        .size ftrace_list_end, 8

        .globl global_ops
        .type global_ops, @object
global_ops:
        .dword function_trace_call
        .size global_ops, 8
