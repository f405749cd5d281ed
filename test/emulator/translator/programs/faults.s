# Stores fault in hot loops: the handler permits the page, which loses its permission again, or maps it anew, or goes on behind the access.
# A page that was there from the start loses its permission where nothing is stored.
        .equ pages, 0x600000
_start: own_stack
        handle SIGSEGV, handler
        map_at pages, 0x4000, 3
        li s0, pages
        li s6, pages+0x1000
        la s7, own
        li s2, 8
        li s1, 0
again:  andi t0, s1, 2047
        slli t0, t0, 3
        add t0, t0, s0
        ld t1, 0(t0)
        add t1, t1, s1
middle: sd t1, 0(t0)
        addi s1, s1, 1
        add s3, s3, t1
        sd s3, 0(s7)
        andi t2, s1, 511
        bnez t2, again
        srli t2, s1, 9
        andi t2, t2, 3
        beqz t2, only_read
        addi t2, t2, -1
        beqz t2, nothing
        addi t2, t2, -1
        beqz t2, gone
        j moved
only_read:
        protect pages, 0x2000, 1
        j next
nothing:
        protect pages+0x1000, 0x2000, 0
        mv a0, s7
        li a1, 0x1000
        li a2, 1
        call_system 226                 # mprotect
        mv a0, s7
        li a2, 3
        call_system 226
        j next
gone:   li a0, pages+0x2000
        li a1, 0x2000
        call_system 215                 # munmap
        j next
moved:  li a0, pages
        li a1, 0x1000
        li a2, 0x1000
        li a3, 3                        # MREMAP_MAYMOVE, MREMAP_FIXED
        li a4, pages+0x8000
        call_system 216                 # mremap
next:   note s3
        # Misaligned, into the page behind, whose permissions are others, and at an address that is none.
        li t3, 9
1:      ld t1, -4(s6)
        sd s1, -4(s2)
        addi t3, t3, -1
        bnez t3, 1b
        li t0, 20000
        blt s1, t0, again
        note s4
        note s5
        finish

# s4 counts faults, s5 sums addresses. A fault at address 0 or so goes on behind the access.
handler:
        ld t0, PC+8*20(a2)
        addi t0, t0, 1
        sd t0, PC+8*20(a2)
        ld t2, 16(a1)                   # si_addr
        ld t1, PC+8*21(a2)
        add t1, t1, t2
        sd t1, PC+8*21(a2)
        li t3, pages
        bltu t2, t3, skip
        mv t5, a2
        lui a0, 0xfffff
        and a0, t2, a0
        li a1, 0x1000
        li a2, 3
        call_system 226                 # mprotect; what is not mapped is ENOMEM
        beqz a0, 1f
        lui a0, 0xfffff
        and a0, t2, a0
        li a1, 0x1000
        li a2, 3
        li a3, 0x32
        li a4, -1
        li a5, 0
        call_system 222
1:      ret
skip:   skip_instruction
        ret

        .data
        .balign 4096
own:    .zero 4096
