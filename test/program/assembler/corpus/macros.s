# Macros and repetitions, as people write them, with the corners of how arguments are read.
        .macro  push first, others:vararg
        addi    sp, sp, -8
        sd      \first, 0(sp)
        .ifnb   \others
        push    \others
        .endif
        .endm

        .macro  load_or_default register:req, value=42
        li      \register, \value
        .endm

        .macro  function name
        .globl  \name
        .type   \name, @function
\name:
        .endm

        .macro  text_of a b=5 c:vararg
        .ascii  "<\a|\b|\c|\@>"
        .endm

        .macro  Mixed_Case
        nop
        .endm

        .macro  wait register
.Lwait\@:
        addi    \register, \register, -1
        bnez    \register, .Lwait\@
        .endm

        .macro  store_at register, index
        sd      \register, (\index * 8)(sp)
        .endm

        .macro  sum_to last, from=0
        .if     \last - \from
        sum_to  "(\last - 1)", \from
        .endif
        .byte   \last
        .endm

        .macro  early value
        .if     \value > 2
        .byte   1
        .exitm
        .endif
        .byte   2
        .endm

        .macro  define_constant name, value
        .macro  \name register
        li      \register, \value
        .endm
        .endm

        .macro  one; nop; ret; .endm

        .text
        function _start
        push    ra, s0, s1
        push    a0
        load_or_default a0
        load_or_default a1, 7
        load_or_default value=9, register=a2
        mixed_case
        MIXED_CASE
start_of_loop: wait a0
        wait    a1
        define_constant answer, 42
        answer  a5
        one
        one ; nop ; one
        .purgem one
        .macro  one
        ecall
        .endm
        one
        .irp    register, s0, s1, s2, s3
        mv      \register, zero
        .endr
        .set    slot, 0
        .irp    register, ra, s0, s1
        store_at \register, slot
        .set    slot, slot + 1
        .endr
        .irp    outer, a, s
        .irp    inner, 2, 3, 4
        li      \outer\()\inner, \inner
        .endr
        .endr
        .macro  all_of name
        .irpc   digit, 234567
        mv      \name\digit, zero
        .endr
        .endm
        all_of  a
        .rept   3
        nop; addi a0, a0, 1
        .endr
        .rept   0
        this is not assembled
        .endr
        ret

        .data
        text_of 1 + 2, 3
        text_of 1 2 3 4, 5
        text_of a -1
        text_of (a b), "x y"
        text_of b=7, a=1
        text_of  x , , q  ,  r
        text_of
        text_of a - b
        text_of a+ b
        text_of %hi ( x )
        text_of 4(a0) 5
        text_of -1 -2
        text_of "a,b" c
        text_of [a b] d
        text_of a=b=c
        .irp    value, "a,b", c d, (e f)
        .ascii  "[\value]"
        .endr
        .irp    value
        .ascii  "[\value]"
        .endr
        .irpc   value, a bc
        .ascii  "[\value]"
        .endr
        .irpc   value,
        .ascii  "[\value]"
        .endr
        sum_to  4
        sum_to  last=6 from=4
        early   1
        early   3
        .set    counter, 0
        .rept   5
        .set    counter, counter + 1
        .if     counter == 3
        .exitm
        .endif
        .byte   counter
        .endr
        .byte   counter
