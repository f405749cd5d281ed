const exit = `
        li      a7, 93
        ecall
`;

/** Copies standard input to standard output, 7 bytes at a time, and exits with 3. */
export const copy = `
        .globl  _start
_start: call    copy_some
        bgtz    a0, _start
        li      a0, 3
        ${exit}
        .type   copy_some, @function
copy_some:
        li      a0, 0
        la      a1, buffer
        li      a2, 7
        li      a7, 63
        ecall
        blez    a0, 1f
        mv      a2, a0
        li      a0, 1
        li      a7, 64
        ecall
1:      ret
        .size   copy_some, .-copy_some
        .bss
buffer: .zero   8
`;

/** Says \`ready\` and calls \`turn\` for ever. */
export const forever = `
        .globl  _start
_start: li      a0, 1
        la      a1, ready
        li      a2, 6
        li      a7, 64
        ecall
        call    turn
1:      j       1b
        .type   turn, @function
turn:   ret
        .size   turn, .-turn
        .section .rodata
ready:  .ascii  "ready\\n"
`;

/** Writes a line for ever. */
export const chatter = `
        .globl  _start
_start: li      a0, 1
        la      a1, line
        li      a2, 64
        li      a7, 64
        ecall
        j       _start
        .section .rodata
line:   .ascii  "...............................................................\\n"
`;

/** Dies in \`crash\`, called by \`main\`, by that instruction. */
export const dyingBy = (instruction: string) => `
        .globl  _start
_start: call    main
1:      j       1b
        .type   main, @function
main:   call    crash
1:      j       1b
        .type   crash, @function
crash:  li      t0, 0
        ${instruction}
        ${exit}
        .size   crash, .-crash
`;

/** Prints its arguments, one a line, and exits with how many there are. */
export const echo = `
        .globl  _start
_start: ld      s0, 0(sp)
        addi    s1, sp, 16
        addi    s2, s0, -1
1:      beqz    s2, 3f
        ld      a1, 0(s1)
        mv      a2, a1
2:      lbu     t0, 0(a2)
        addi    a2, a2, 1
        bnez    t0, 2b
        li      t0, '\\n'
        sb      t0, -1(a2)
        sub     a2, a2, a1
        li      a0, 1
        li      a7, 64
        ecall
        addi    s1, s1, 8
        addi    s2, s2, -1
        j       1b
3:      addi    a0, s0, -1
        ${exit}
`;
