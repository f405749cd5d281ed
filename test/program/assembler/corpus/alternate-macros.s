# The alternate mode of macros, and parameters that `&` joins.
        .globl  _start
_start: nop
        .data
        .altmacro
        .macro  pair first, second
        LOCAL   here, there
here:   .word   first, second
there:  .word   there - here
        .endm
        pair    1, 2
        pair    %(1 + 2), %5 * 2
        .macro  text characters
        .ascii  "characters"
        .endm
        text    <ab!<c, d>
        .macro  named name:req, value=3
name&_label: .byte value, &value
_&name: .byte   name&_label - name&_label
        .endm
        named   a4
        named   b, 6
        .irp    each, 1, <2>, %3 + 1
        .byte   each
        .endr
        .noaltmacro
        .macro  plain first, second=2, rest:vararg
        .byte   \first, \second, \@
        .ifnb   \rest
        .byte   \rest
        .endif
        .endm
        plain   1
        plain   1, 2, 3, 4, 5
        plain   first=5, second=6
        .macro  down n
        .if     \n
        .byte   \n
        down    "(\n - 1)"
        .endif
        .endm
        down    5
        .rep    2
        .irep   x, 1, 2
        .irepc  y, 34
        .byte   \x, \y
        .endr
        .endr
        .endr
