# SYNTAX TEST "source.riscv-asm" "macros and the preprocessor"
    .macro push reg, offset=8
#   ^^^^^^ keyword.other.directive.riscv-asm
#          ^^^^ entity.name.function.macro.riscv-asm
#               ^^^ variable.parameter.riscv-asm
#                    ^^^^^^ variable.parameter.riscv-asm
    sd \reg, \offset(sp)
#   ^^ keyword.mnemonic.riscv-asm
#      ^^^^ variable.parameter.riscv-asm
#            ^^^^^^^ variable.parameter.riscv-asm
#                    ^^ variable.language.register.riscv-asm
label\@:
# <------- entity.name.function.label.riscv-asm
#      ^ punctuation.separator.label.riscv-asm
    .endm
#   ^^^^^ keyword.other.directive.riscv-asm
