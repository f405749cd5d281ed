.globl _start
_start:
.cfi_startproc
.cfi_def_cfa_offset 16
.cfi_offset fs0, -16
nop
.cfi_offset ra, -8
.cfi_endproc
g: .cfi_startproc
.cfi_def_cfa_offset 16
.cfi_offset fs0, -16
nop
nop
.cfi_remember_state
nop
.cfi_restore_state
.cfi_val_encoded_addr a0, 0x1b, g
.cfi_label here
.cfi_val_encoded_addr a0, 0, g
.cfi_offset mstatus, 8
.cfi_endproc
h: .cfi_startproc simple
.cfi_remember_state
.cfi_escape 1,2,3
nop
.cfi_endproc
.data
.dword here
