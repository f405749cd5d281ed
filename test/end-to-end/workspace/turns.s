# Two functions that are called in turn for ever.

        .text
        .globl  _start
_start:
        call    main

        .globl  main
        .type   main, @function
main:
.Lagain:
        call    first
        call    second
        j       .Lagain
        .size   main, .-main

        .type   first, @function
first:
        li      t1, 20000
.Lcount:
        addi    t1, t1, -1
        bnez    t1, .Lcount
        ret
        .size   first, .-first

        .type   second, @function
second:
        ret
        .size   second, .-second
