# Insertion sort of sixteen numbers in memory, printed before and after.
#
# Mark:  `insert` (right-click its line number, "Toggle Trace on Function"), then F5.
# See:   one line `insert <-sort` for each element, fifteen in all. With "Trace and Stop" ftrace_regs shows the array in a0,
#        how many elements are sorted already in a1; look at the array at a0 in the memory view as it becomes sorted.
#        Mark `print_number` too and the trace shows printing and sorting in turn.

        .equ    count, 16

        .section .rodata
before:
        .ascii  "before:"
        .equ    before_length, . - before
after:
        .ascii  "after: "
        .equ    after_length, . - after
newline:
        .ascii  "\n"

        .text
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
        la      a0, before
        li      a1, before_length
        call    print_text
        call    print_numbers
        la      a0, numbers
        li      a1, count
        call    sort                    # break: sort
        la      a0, after
        li      a1, after_length
        call    print_text
        call    print_numbers           # break: sorted
        li      a0, 0
        ld      ra, 8(sp)
        addi    sp, sp, 16
        ret
        .size   main, .-main

# Sorts the a1 doublewords at a0, smallest first.
        .globl  sort
        .type   sort, @function
sort:
        addi    sp, sp, -32
        sd      ra, 24(sp)
        sd      s0, 16(sp)
        sd      s1, 8(sp)
        sd      s2, 0(sp)
        mv      s0, a0
        mv      s1, a1
        li      s2, 1
.Lnext_element:
        bge     s2, s1, .Lsorted        # break: outer loop
        mv      a0, s0
        mv      a1, s2
        call    insert
        addi    s2, s2, 1
        j       .Lnext_element
.Lsorted:
        ld      s2, 0(sp)
        ld      s1, 8(sp)
        ld      s0, 16(sp)
        ld      ra, 24(sp)
        addi    sp, sp, 32
        ret
        .size   sort, .-sort

# The first a1 doublewords at a0 are sorted: moves the one after them to its place.
        .type   insert, @function
insert:
        slli    t0, a1, 3
        add     t0, a0, t0              # where the hole is
        ld      t1, 0(t0)               # break: element
.Lshift:
        beq     t0, a0, .Lplace
        ld      t2, -8(t0)
        ble     t2, t1, .Lplace
        sd      t2, 0(t0)               # break: shift
        addi    t0, t0, -8
        j       .Lshift
.Lplace:
        sd      t1, 0(t0)               # break: place
        ret
        .size   insert, .-insert

# Prints all numbers on one line.
        .type   print_numbers, @function
print_numbers:
        addi    sp, sp, -32
        sd      ra, 24(sp)
        sd      s0, 16(sp)
        sd      s1, 8(sp)
        la      s0, numbers
        addi    s1, s0, count * 8
.Lnext_number:
        ld      a0, 0(s0)
        call    print_number
        addi    s0, s0, 8
        bne     s0, s1, .Lnext_number
        la      a0, newline
        li      a1, 1
        call    print_text
        ld      s1, 8(sp)
        ld      s0, 16(sp)
        ld      ra, 24(sp)
        addi    sp, sp, 32
        ret
        .size   print_numbers, .-print_numbers

# Prints a blank and a0 in decimal, with its sign.
        .type   print_number, @function
print_number:
        addi    sp, sp, -48
        sd      ra, 40(sp)
        addi    t0, sp, 32              # the digits are written backwards from here
        mv      t1, a0
        bgez    t1, .Ldigits
        neg     t1, t1
.Ldigits:
        li      t2, 10
.Ldigit:
        remu    t3, t1, t2
        divu    t1, t1, t2
        addi    t3, t3, '0'
        addi    t0, t0, -1
        sb      t3, 0(t0)
        bnez    t1, .Ldigit
        bgez    a0, .Lblank
        li      t3, '-'
        addi    t0, t0, -1
        sb      t3, 0(t0)
.Lblank:
        li      t3, ' '
        addi    t0, t0, -1
        sb      t3, 0(t0)
        addi    a1, sp, 32
        sub     a1, a1, t0
        mv      a0, t0
        call    print_text
        ld      ra, 40(sp)
        addi    sp, sp, 48
        ret
        .size   print_number, .-print_number

# write(1, a0, a1)
        .type   print_text, @function
print_text:
        mv      a2, a1
        mv      a1, a0
        li      a0, 1
        li      a7, 64
        ecall
        ret
        .size   print_text, .-print_text

        .data
        .align  3
numbers:
        .dword  170, -45, 75, 90, 802, 24, 2, 66, -1, 3000, 7, 512, 0, 99, -700, 31
