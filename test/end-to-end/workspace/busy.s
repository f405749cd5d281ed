# Calls two functions as fast as it can, for ever.
        .type   left, @function
left:   ret
        .size   left, .-left
        .type   right, @function
right:  ret
        .size   right, .-right
        .type   main, @function
main:   call    left
        call    right
        j       main
        .size   main, .-main
        .globl  _start
_start: call    main
