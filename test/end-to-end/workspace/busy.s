# Calls two functions as fast as it can, for ever.

        .text
        .globl  _start
_start:
        call    main

        .globl  main
        .type   main, @function
main:
.Lagain:
        call    left
        call    right
        j       .Lagain
        .size   main, .-main

        .type   left, @function
left:
        ret
        .size   left, .-left

        .type   right, @function
right:
        ret
        .size   right, .-right
