# Data, strings, expressions, symbols, alignment.
        .text
        .globl _start
        .equ size, 24
_start:
        la a0, words
        la a1, words + 8
        lla a2, bytes
        lw a0, words
        ld a3, words + 16
        lbu a4, bytes
        lhu a4, bytes + 2
        lwu a4, words
        sw a0, words, t0
        sd a0, words + 24, t1
        sb a0, bytes, t2
        lui a0, %hi(words)
        addi a0, a0, %lo(words)
        lw a1, %lo(words)(a0)
        sw a1, %lo(words + 4)(a0)
        sd a1, %lo(words)(a0)
        lui a1, %hi(0x12345678)
        addi a1, a1, %lo(0x12345678)
1:      auipc a0, %pcrel_hi(words)
        addi a0, a0, %pcrel_lo(1b)
        lw a1, %pcrel_lo(1b)(a0)
        sw a1, %pcrel_lo(1b)(a0)
.Lagain: auipc a0, %pcrel_hi(bytes)
        ld a1, %pcrel_lo(.Lagain)(a0)
        li a0, size
        li a1, size * 2 + 1
        addi a0, a0, size - 1
        lw a0, size(sp)
        la a0, common_block
        la a1, local_block
        sd a0, size * 2(sp)
        .word _start, . - _start, words
        .byte 1, 2
        .align 2
        nop
        .balign 16
        nop
        .p2align 3
        nop
        .align 4, 0xcc
        .balign 8, 1
        .align 4, , 2
        nop
after_text:

        .data
words:  .word 1, 2, 0xffffffff, -1, 'A', after_text - _start
        .dword words, words + 8, . , bytes - words
        .dword 0x123456789abcdef0, -1, 1 << 63
        .quad 5, end_of_data - words
        .8byte 6
bytes:  .byte 1, 2, 3, -128, 255, 'a', '\n', '\\', '\''
        .half 1, 0xffff, -1
        .2byte 0x1234
        .short 5
        .4byte 0x12345678
        .long 9
        .int 10
        .string "zero terminated\n"
        .asciz "one", "two"
        .ascii "no end\t\"quoted\"\\ \101\x42\0"
        .ascii "a" "b"
        .zero 5
        .zero 3, 7
        .skip 4
        .space 4, 0xaa
        .fill 3, 2, 0x1234
        .fill 2
        .fill 2, 8, -1
        .align 3
        .dword -1 >> 60, -7 / 2, -7 % 3, 7 & 3 | 4 ^ 1, ~5, !5, !0, -(-5)
        .dword 2 + 3 * 4, 2 + 3 << 1, 1 << 2 + 3, 10 - 2 - 3, 6 / 2 * 3, 100 % 7 * 2
        .dword 1 | 2 + 4, 8 - 1 & 3, 1 == 1, 1 != 1, 1 < 2, 2 <= 1, 3 > 2, 3 >= 4, 1 <> 2
        .dword 1 && 2, 0 || 3, 1 && 0, 5 ! 1, 0x10 + 010 + 0b11, (1 + 2) * 3
        .dword 3 - 1 == 2, 1 < 2 == 1, 1 | 6 & 3, 7 ^ 2 | 1
        .dword -1 < 0, -1 / 2, words == words, bytes > words, bytes - words == 1
        .uleb128 0
        .uleb128 127
        .uleb128 128
        .uleb128 624485
        .sleb128 0
        .sleb128 -1
        .sleb128 63
        .sleb128 64
        .sleb128 -64
        .sleb128 -65
        .sleb128 -123456
        .uleb128 0xffffffffffffffff
        .float 1.5, -2.25, 3
        .double 0.1, -1e10, 12345.678
        .set changing, 1
        .byte changing
        .set changing, changing + 1
        .byte changing
        changing = 7
        .byte changing
        .equiv fixed, 9
        .byte fixed, later
        .equ later, 77
        .org bytes + 1000
        .byte 1
        .org . + 3, 5
        .byte 2
end_of_data:
        .set alias, words
        .dword alias, alias + 4
        .section .rodata
        .string "constant"
        .section .rodata.more, "a"
        .align 3
        .dword words
        .bss
        .align 4
        .globl buffer
buffer: .zero 100
        .skip 28
        .comm common_block, 64, 8
        .local local_block
        .comm local_block, 24, 16
        .lcomm another, 8
        .section .sdata, "aw"
        .word 5
        .section .sbss, "aw", @nobits
        .zero 4
        .section .init_array, "aw"
        .dword _start
        .pushsection .data
        .byte 99
        .popsection
        .dword after_text
        .section custom, "aw", @progbits
        .ascii "custom"
        .previous
        .dword 3
