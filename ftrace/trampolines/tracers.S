# What the trampolines of every model call: the tracers, the list of ops, and
# the data they read. Inside, only t0, t1 and a0-a7 are free: the trampolines
# save no other register.

        # struct ftrace_ops, as far as the guest reads it.
        .equ FTRACE_OPS_FUNC, 0
        .equ FTRACE_OPS_NEXT, 8
        .equ FTRACE_OPS_SAVED_FUNC, 32
        .equ FTRACE_OPS_DIRECT_CALL, 0x180
        .equ FTRACE_OPS_SIZE, 0x188

        # Bits of trace_recursion: the tracer behind it is at work.
        .equ TRACE_FTRACE_BIT, 1
        .equ TRACE_LIST_BIT, 2

        .option norvc
        .option norelax
        .text
        .align 2

        # No tracer uses f registers: the traced function's arguments are in
        # them while one is at work, which its caller's rules say.
        .macro tracer_startproc
        .cfi_startproc
        .irp number, 0, 1, 2, 3, 4, 5, 6, 7
        .cfi_same_value fa\number
        .endr
        .endm

        # What is called while nothing is traced.
        .globl ftrace_stub
        .type ftrace_stub, @function
ftrace_stub:
        tracer_startproc
        ret
        .cfi_endproc
        .size ftrace_stub, .-ftrace_stub

        # A tracer of the debugger: when the hart is about to execute its ret, the
        # debugger reads ip, parent_ip and the frame, does what the tracer does,
        # and stops here if a marker says so.
        .macro tracer name
        .globl \name
        .type \name, @function
\name:
        tracer_startproc
        ret
        .cfi_endproc
        .size \name, .-\name
        .endm

        tracer function_trace_call
        tracer function_stack_trace_call
        tracer function_no_repeats_trace_call
        tracer function_stack_no_repeats_trace_call
        tracer function_args_trace_call
        tracer function_trace_probe_call
        tracer ftrace_graph_func
        tracer fprobe_ftrace_entry
        tracer kprobe_ftrace_handler
        tracer stack_trace_call
        tracer call_direct_funcs

        # Asked by the list for each ops: a0 becomes 1 where its filter lets the
        # function at ip (a1) pass, 0 otherwise.
        tracer ftrace_ops_test

        # Called by return_to_handler with the frame in a0: a0 becomes the return
        # address that the graph tracer had taken.
        tracer ftrace_return_to_handler

        # What those two call for each user of the graph tracer. All of that is
        # the debugger's: the hart never comes here, and these are places for
        # enabled_functions to name.
        tracer trace_graph_entry
        tracer trace_graph_return
        tracer profile_graph_entry
        tracer profile_graph_return
        tracer fprobe_fgraph_entry
        tracer fprobe_return
        tracer store_entry
        tracer store_return

        # With more than one ops: calls each whose filter lets ip pass. While it
        # is at work it does nothing when it is called again (trace_recursion).
        .globl arch_ftrace_ops_list_func
        .type arch_ftrace_ops_list_func, @function
arch_ftrace_ops_list_func:
        tracer_startproc
        la t0, trace_recursion
        ld t1, 0(t0)
        andi t1, t1, TRACE_LIST_BIT
        bnez t1, .Llist_recursion
        addi sp, sp, -48
        .cfi_def_cfa_offset 48
        sd ra, 40(sp)
        .cfi_rel_offset ra, 40
        sd s1, 32(sp)
        .cfi_rel_offset s1, 32
        sd s2, 24(sp)
        .cfi_rel_offset s2, 24
        sd s3, 16(sp)
        .cfi_rel_offset s3, 16
        sd s4, 8(sp)
        .cfi_rel_offset s4, 8
        ld t1, 0(t0)
        ori t1, t1, TRACE_LIST_BIT
        sd t1, 0(t0)
        mv s1, a0                       # ip
        mv s2, a1                       # parent_ip
        mv s3, a3                       # fregs
        la t0, ftrace_ops_list
        ld s4, 0(t0)                    # the first ops
.Llist_next:
        la t0, ftrace_list_end
        beq s4, t0, .Llist_end
        mv a0, s4
        mv a1, s1
        mv a3, s3
        call ftrace_ops_test
        beqz a0, .Llist_advance
        mv a0, s1
        mv a1, s2
        mv a2, s4
        mv a3, s3
        ld t1, FTRACE_OPS_SAVED_FUNC(s4)
        jalr t1
.Llist_advance:
        ld s4, FTRACE_OPS_NEXT(s4)
        j .Llist_next
.Llist_end:
        la t0, trace_recursion
        ld t1, 0(t0)
        andi t1, t1, ~TRACE_LIST_BIT
        sd t1, 0(t0)
        ld ra, 40(sp)
        ld s1, 32(sp)
        ld s2, 24(sp)
        ld s3, 16(sp)
        ld s4, 8(sp)
        addi sp, sp, 48
        .cfi_def_cfa_offset 0
        .cfi_restore ra, s1, s2, s3, s4
.Llist_recursion:
        ret
        .cfi_endproc
        .size arch_ftrace_ops_list_func, .-arch_ftrace_ops_list_func

        # For a single ops that asks to be protected from recursion
        # (FTRACE_OPS_FL_RECURSION): calls it unless it is at work.
        .globl ftrace_ops_assist_func
        .type ftrace_ops_assist_func, @function
ftrace_ops_assist_func:
        tracer_startproc
        la t0, trace_recursion
        ld t1, 0(t0)
        andi t1, t1, TRACE_FTRACE_BIT
        bnez t1, .Lassist_recursion
        addi sp, sp, -16
        .cfi_def_cfa_offset 16
        sd ra, 8(sp)
        .cfi_rel_offset ra, 8
        ld t1, 0(t0)
        ori t1, t1, TRACE_FTRACE_BIT
        sd t1, 0(t0)
        ld t1, FTRACE_OPS_SAVED_FUNC(a2)
        jalr t1
        la t0, trace_recursion
        ld t1, 0(t0)
        andi t1, t1, ~TRACE_FTRACE_BIT
        sd t1, 0(t0)
        ld ra, 8(sp)
        addi sp, sp, 16
        .cfi_def_cfa_offset 0
        .cfi_restore ra
.Lassist_recursion:
        ret
        .cfi_endproc
        .size ftrace_ops_assist_func, .-ftrace_ops_assist_func

        # A direct trampoline that goes on with the function at once.
        .globl ftrace_stub_direct_tramp
        .type ftrace_stub_direct_tramp, @function
ftrace_stub_direct_tramp:
        tracer_startproc
        .cfi_return_column t0
        jr t0
        .cfi_endproc
        .size ftrace_stub_direct_tramp, .-ftrace_stub_direct_tramp

        .data
        .align 3

        .macro word name, value
        .globl \name
        .type \name, @object
\name:
        .dword \value
        .size \name, 8
        .endm

        # What a trampoline that is not told by the call site calls the tracer
        # with: the only ops, or the end of the list.
        word function_trace_op, ftrace_list_end
        # The first ops, and the end of the list where there is none.
        word ftrace_ops_list, ftrace_list_end
        word trace_recursion, 0

        # An ops: its function, the next in the list, flags, private data, and the
        # function again for those whose first is ftrace_ops_assist_func.
        .macro ops name, function
        .globl \name
        .type \name, @object
\name:
        .dword \function, ftrace_list_end, 0, 0, \function
        .skip FTRACE_OPS_SIZE - 40
        .size \name, FTRACE_OPS_SIZE
        .endm

        ops ftrace_list_end, ftrace_stub
        ops ftrace_nop_ops, ftrace_stub
        ops ftrace_list_ops, arch_ftrace_ops_list_func
        ops global_ops, function_trace_call
        ops graph_ops, ftrace_graph_func
        ops trace_ops, stack_trace_call
