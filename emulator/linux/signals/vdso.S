# What a signal handler returns to: the page that Linux gives a program for it (arch/riscv/kernel/vdso/rt_sigreturn.S).
# The unwinding tables say where the frame on the stack keeps the registers of the code that the signal came to.

    .set SC_REGS, 128 + 176             # sc_regs in struct rt_sigframe: pc, then x1 to x31

    .text
    .globl __vdso_rt_sigreturn
    .type __vdso_rt_sigreturn, @function
    .cfi_startproc
    .cfi_signal_frame
    .cfi_return_column 64           # the return address of a signal frame, which is not ra
    .cfi_def_cfa sp, 0
    .cfi_offset 64, SC_REGS
    .irp number, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    .cfi_offset \number, SC_REGS + \number * 8
    .endr
    .option norvc
__vdso_rt_sigreturn:
    nop                                 # a handler returns behind it, and unwinders look at the instruction before that
    li a7, 139
    ecall
    .cfi_endproc
    .size __vdso_rt_sigreturn, . - __vdso_rt_sigreturn
