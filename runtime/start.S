# The first instructions of a C program: what the kernel has put on the stack becomes main's arguments.
        .text
        .weak   _start
_start:
        .option push
        .option norelax
        la      gp, __global_pointer$
        .option pop
        ld      a0, 0(sp)               # argc
        addi    a1, sp, 8               # argv
        slli    a2, a0, 3
        add     a2, a2, a1
        addi    a2, a2, 8               # envp, after the null at the end of argv
        andi    sp, sp, -16
        call    main
        call    exit
