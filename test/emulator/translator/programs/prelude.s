# Before each of these programs. s11 sums up what they compute; it is the exit code, and other registers are theirs.

        .equ PC, 176                    # in struct ucontext, and x1-x31 behind it
        .equ SIGSEGV, 11
        .equ SIGALRM, 14
        .equ SA_SIGINFO, 4
        .equ SA_ONSTACK, 0x08000000

        .macro call_system number
        li a7, \number
        ecall
        .endm

        .macro handle signal, handler
        addi sp, sp, -32
        la t0, \handler
        sd t0, 0(sp)
        li t0, SA_SIGINFO | SA_ONSTACK
        sd t0, 8(sp)
        sd zero, 16(sp)
        li a0, \signal
        mv a1, sp
        li a2, 0
        li a3, 8
        call_system 134                 # rt_sigaction
        addi sp, sp, 32
        .endm

        # Handlers run on a stack of their own.
        .macro own_stack
        la t0, signal_stack
        addi sp, sp, -32
        sd t0, 0(sp)
        sw zero, 8(sp)
        li t0, 65536
        sd t0, 16(sp)
        mv a0, sp
        li a1, 0
        call_system 132                 # sigaltstack
        addi sp, sp, 32
        .endm

        # Pages at an address with these permissions (1 read, 2 write, 4 execute).
        .macro map_at address, size, permissions
        li a0, \address
        li a1, \size
        li a2, \permissions
        li a3, 0x32                     # MAP_PRIVATE, MAP_ANONYMOUS, MAP_FIXED
        li a4, -1
        li a5, 0
        call_system 222                 # mmap
        .endm

        .macro protect address, size, permissions
        li a0, \address
        li a1, \size
        li a2, \permissions
        call_system 226                 # mprotect
        .endm

        # For handlers: past the instruction that the context in a2 is at.
        .macro skip_instruction
        ld t0, PC(a2)
        lhu t1, 0(t0)
        andi t1, t1, 3
        addi t0, t0, 2
        li t2, 3
        bne t1, t2, 1f
        addi t0, t0, 2
1:      sd t0, PC(a2)
        .endm

        # For handlers: one more in the s8 of the context in a2.
        .macro count_in_s8
        ld t0, PC+8*24(a2)
        addi t0, t0, 1
        sd t0, PC+8*24(a2)
        .endm

        # The next number of a generator (Marsaglia's xorshift).
        .macro xorshift number
        slli t0, \number, 13
        xor \number, \number, t0
        srli t0, \number, 7
        xor \number, \number, t0
        slli t0, \number, 17
        xor \number, \number, t0
        .endm

        .macro note value
        slli t6, s11, 5
        add s11, s11, t6
        xor s11, s11, \value
        .endm

        # Writes the sum to standard output, and ends with its lowest bits.
        .macro finish
        la a1, signal_stack
        sd s11, 0(a1)
        li a0, 1
        li a2, 8
        call_system 64                  # write
        andi a0, s11, 127
        call_system 93                  # exit
        .endm

        .bss
        .align 12
signal_stack: .zero 65536
        .text
        .globl _start
