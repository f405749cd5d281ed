# SYNTAX TEST "source.riscv-asm" "a program"
    .globl main
#   ^^^^^^ keyword.other.directive.riscv-asm
#          ^^^^ variable.other.symbol.riscv-asm
main:   addi sp, sp, -16        # comment
# <---- entity.name.function.label.riscv-asm
#   ^ punctuation.separator.label.riscv-asm
#       ^^^^ keyword.mnemonic.riscv-asm
#            ^^ variable.language.register.riscv-asm
#                    ^ keyword.operator.riscv-asm
#                     ^^ constant.numeric.decimal.riscv-asm
#                               ^^^^^^^^^ comment.line.number-sign.riscv-asm
    csrr t0, mstatus
#   ^^^^ keyword.mnemonic.riscv-asm
#        ^^ variable.language.register.riscv-asm
#            ^^^^^^^ variable.language.csr.riscv-asm
1:  bnez a0, 1b; ret
# <- entity.name.label.local.riscv-asm
#   ^^^^ keyword.control.flow.riscv-asm
#            ^^ constant.other.reference.local.riscv-asm
#                ^^^ keyword.control.flow.riscv-asm
    lui a0, %hi(table + 0x10)
#           ^^^ support.function.relocation.riscv-asm
#               ^^^^^ variable.other.symbol.riscv-asm
#                       ^^^^ constant.numeric.hex.riscv-asm
    andn a0, a1, a2
#   ^^^^ keyword.mnemonic.riscv-asm
    amoadd.w.aqrl a0, a1, (a2)
#   ^^^^^^^^^^^^^ keyword.mnemonic.riscv-asm
    fmadd.d fa0, fa1, fa2, fa3, rtz
#   ^^^^^^^ keyword.mnemonic.riscv-asm
#           ^^^ variable.language.register.riscv-asm
#                               ^^^ constant.language.rounding-mode.riscv-asm
    my_macro a0, 4
#   ^^^^^^^^ entity.name.function.macro.riscv-asm
size = 4 * 2
# <---- variable.other.constant.riscv-asm
#    ^ keyword.operator.assignment.riscv-asm
text:   .asciz "a # b\n"        // comment
#       ^^^^^^ keyword.other.directive.riscv-asm
#              ^^^^^^ string.quoted.double.riscv-asm
#                    ^^ constant.character.escape.riscv-asm
#                               ^^^^^^^^^^ comment.line.double-slash.riscv-asm
    .type main, @function
#               ^^^^^^^^^ storage.type.riscv-asm
/* a comment
#  ^^^^^^^^^ comment.block.riscv-asm
   nop */ nop
#  ^^^ comment.block.riscv-asm
#         ^^^ keyword.mnemonic.riscv-asm
