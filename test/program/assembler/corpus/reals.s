# Floating-point numbers, rounded to the nearest where GNU as does so too; wide numbers and strings.
        .globl  _start
_start: nop
        .data
        .float  1.5, -2.25, 1e10, inf, -inf, nan, 0f3.5, 3.402823466e38, 1e-45, 1.17549435e-38, 0.1
        .double 1.5, 0d2.5, 1e308, 4.9e-324, 0.1, .5, 5., -0.0, +1.0, 123456789012345678901234567890
        .double 2.2250738585072011e-308, 1.7976931348623157e308
        .single 0.3
        .float16 1.5, 65504, 6e-8, inf, 0.1
        .dc.d   1.5
        .dc.s   2.5
        .octa   0x123456789abcdef0123456789abcdef, 5, -1
        .2byte  1, 2
        .8byte  3
        .dc.b   1
        .dc.w   2
        .dc.l   3
        .dcb.b  3, 5
        .dcb.w  2, 6
        .ds.b   4
        .ds.w   3
        .string8 "abc"
        .string16 "ab"
        .string32 "a"
        .string64 "z"
        .word   10U, 0x10UL, 5L, 0b101, 017
        .byte   'a', '\n', '\\', 'a' + 1
        .ascii  "a\x41\101\n\t\\\"\b\f\r\v" "more"
        .struct 8
first:  .space  4
second: .space  8
third:
        .data
        .word   first, second, third
