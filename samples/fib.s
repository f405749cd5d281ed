# Fibonacci by recursion: fib(10) is 55, found with 177 calls.
#
# Mark:  right-click the line number of `fib` below, choose "Toggle Trace on Function", press F5.
# See:   "Show Trace" has one line per call, `fib <-main` first and `fib <-fib` for every recursive call.
#        With "Trace and Stop" the program stops in the tracer at each call: ftrace_regs in the Variables pane holds
#        the argument n in a0 and the caller's address in ra. Set a0 to 1 there and the whole branch below is cut off.
#        Turn the marker off while it runs: the second instruction of fib becomes `nop` again and the lines stop.

        .section .rodata
label:
        .ascii  "fib(10) = "
        .equ    label_length, . - label

        .text

# No `.type _start, @function`: start code has no call site, as in the kernel.
        .globl  _start
_start:
        call    main
        li      a7, 93                  # exit(main's result)
        ecall

        .globl  main
        .type   main, @function
main:
        addi    sp, sp, -16
        sd      ra, 8(sp)
        li      a0, 10
        call    fib                     # break: first call
        call    print_result            # break: result
        li      a0, 0
        ld      ra, 8(sp)
        addi    sp, sp, 16
        ret
        .size   main, .-main

# a0 = fib(a0)
        .globl  fib
        .type   fib, @function
fib:
        li      t1, 2                   # break: entry
        blt     a0, t1, .Lbase
        addi    sp, sp, -32
        sd      ra, 24(sp)
        sd      s0, 16(sp)
        sd      s1, 8(sp)
        mv      s0, a0                  # break: prologue done
        addi    a0, s0, -1
        call    fib                     # break: recursive call
        mv      s1, a0
        addi    a0, s0, -2
        call    fib
        add     a0, a0, s1              # break: sum
        ld      s1, 8(sp)
        ld      s0, 16(sp)
        ld      ra, 24(sp)
        addi    sp, sp, 32
        ret
.Lbase:
        ret                             # break: base case
        .size   fib, .-fib

# Prints "fib(10) = " and a0 in decimal.
        .globl  print_result
        .type   print_result, @function
print_result:
        addi    sp, sp, -48
        sd      ra, 40(sp)
        sd      s0, 32(sp)
        mv      s0, a0
        la      a1, label
        li      a2, label_length
        call    write_out
        addi    a1, sp, 31              # the digits are written backwards from here
        li      t0, '\n'
        sb      t0, 0(a1)
        li      t1, 10
.Ldigit:
        remu    t0, s0, t1
        divu    s0, s0, t1
        addi    t0, t0, '0'
        addi    a1, a1, -1
        sb      t0, 0(a1)
        bnez    s0, .Ldigit
        addi    a2, sp, 32
        sub     a2, a2, a1
        call    write_out
        ld      s0, 32(sp)
        ld      ra, 40(sp)
        addi    sp, sp, 48
        ret
        .size   print_result, .-print_result

# write(1, a1, a2)
        .type   write_out, @function
write_out:
        li      a0, 1
        li      a7, 64
        ecall                           # break: write
        ret
        .size   write_out, .-write_out
