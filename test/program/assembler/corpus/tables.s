#define nothing
 .text ; .globl _start ; _start: nop ; nop
/* block
 comment */ nop /* in */ ; nop # line
 .data
a: .word 1, 2 ; b: .word b - a
 .equ sz, . - a
 .text
 addi a0, a0, sz
 addi a0, a0, sz - 4 * 2
 lui a0, %hi(a) ; addi a0, a0, %lo(a)
 lw a1, %lo(b)(a0)
 sw a1, %lo(b+4)(a0)
1: auipc a0, %pcrel_hi(b)
 lw a0, %pcrel_lo(1b)(a0)
2: auipc a0, %got_pcrel_hi(b)
 ld a0, %pcrel_lo(2b)(a0)
 lw a0,(a1)
 lw a0, 0 ( a1 )
 sw a0 , 4(a1)
 jalr a0
 jalr a0, a1
 jalr a0, 4(a1)
 jalr a0, a1, 4
 jr a0
 jr 4(a0)
 ret
 beq a0,x0,1b
 beq x0,a0,1b
 c.j 1b
 "quoted name": nop
 j "quoted name"
$local: nop
 j $local
.Lx: nop
 j .Lx
 .weak w
 call w
 .type _start, @function
 .size _start, . - _start
 .struct 0
f1: .skip 4
f2: .skip 8
fsz:
 .text
 lw a0, f2(a1)
 li a0, fsz
 .subsection 2
 nop ; .word 2
 .subsection 1
 .word 1
 .text 0
 .pushsection .foo,"aw",@progbits
 .word 5
 .popsection
 .comm c1, 100, 32
 .lcomm c2, 8
 .bss
 .skip 7
 .data
 .dword c1, c2
 .space 3, 0x55
 .octa 0x0123456789abcdef0011223344556677
 .hword 65535, -1
 .int 1 - 2, 0x7fffffff + 1
 .long ('A' << 8) | 'B'
 .dc.b 1,2 ; .dc.w 3 ; .dc.l 4 ; .dcb.w 2, 7 ; .ds.w 2
