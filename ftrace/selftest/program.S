# The program of the self-tests: functions that are called one at a time, and
# tracers that are code of the guest themselves.

        .text
        .globl _start
_start: li a7, 93
        li a0, 0
        ecall

        # Where a called function returns to: the test stops here.
        .globl selftest_return
selftest_return:
        ebreak

        .macro function name
        .globl \name
        .type \name, @function
\name:
        .endm

        function trace_selftest_dynamic_test_func
        ret
        .size trace_selftest_dynamic_test_func, .-trace_selftest_dynamic_test_func

        function trace_selftest_dynamic_test_func2
        ret
        .size trace_selftest_dynamic_test_func2, .-trace_selftest_dynamic_test_func2

        # Other work of the program: two functions a round.
        function selftest_work
        addi sp, sp, -16
        sd ra, 8(sp)
        sd s1, 0(sp)
        mv s1, a0
1:      mv a0, s1
        call selftest_step
        addi s1, s1, -1
        bnez s1, 1b
        ld ra, 8(sp)
        ld s1, 0(sp)
        addi sp, sp, 16
        ret
        .size selftest_work, .-selftest_work

        function selftest_step
        addi a0, a0, 1
        ret
        .size selftest_step, .-selftest_step

        # Tracers: (ip, parent_ip, op, fregs). They count, and call what is traced.
        .globl selftest_recursion_func
selftest_recursion_func:
        la t0, selftest_count
        ld t1, 0(t0)
        addi t1, t1, 1
        sd t1, 0(t0)
        li t0, 10
        bgtu t1, t0, 1f                 # unprotected, it would not end
        addi sp, sp, -16
        sd ra, 8(sp)
        call trace_selftest_dynamic_test_func
        ld ra, 8(sp)
        addi sp, sp, 16
1:      ret

        .globl selftest_recursion_safe_func
selftest_recursion_safe_func:
        la t0, selftest_count
        ld t1, 0(t0)
        addi a0, t1, 1
        sd a0, 0(t0)
        bnez t1, 1f
        addi sp, sp, -16
        sd ra, 8(sp)
        call trace_selftest_dynamic_test_func
        ld ra, 8(sp)
        addi sp, sp, 16
1:      ret

        .data
        .align 3
        .globl selftest_count
selftest_count:
        .dword 0
