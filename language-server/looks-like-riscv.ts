/** What is written in RISC-V assembly alone, and what in that of other machines. A few words are enough to tell a file's machine. */
const ofRiscv =
  /^\s*(?:\w+:\s*)?(?:\.option\s+(?:push|pop|rvc|norvc|relax|norelax|pic|nopic|arch)|\.attribute\s+(?:arch|stack_align|unaligned_access)|auipc|ecall|mret|csrr\w*|jalr|(?:add|and|or|xor|slt|sll|srl|sra)i[wu]?\s+\w+\s*,\s*\w+\s*,|[sl][bhwd]u?\s+\w+\s*,\s*-?[\w+]*\(\w+\)|li\s+[ast]\d+\s*,|lla\s|la\s+[ast]\d+\s*,|tail\s+\w+|amo\w+\.[wd]|lr\.[wd]|sc\.[wd]|c\.\w+\s|beqz\s+[ast]\d)|%pcrel_(?:hi|lo)\(|%hi\(\w+\)/gim;
const ofOthers =
  /^\s*(?:\w+:\s*)?(?:mov[lqbw]?\s+[%$\w]|push[lq]?\s+%?[re]?[abcd]x|lea[lq]?\s|xor[lq]\s+%|int\s+0x80|syscall\b|adrp\s|ldr\s|str\s+[rxw]\d|stp\s|ldp\s|bl\s+\w|bx\s+lr|svc\s|addiu\s|lui\s+\$|section\s+\.\w|global\s+\w|bits\s+\d\d|org\s+0x|db\s|dw\s|equ\s|\.arm\b|\.thumb\b|\.set\s+noreorder|lda\s|sta\s|ld\s+(?:a|b|hl)\s*,|stw\s|lwz\s|mflr\s)|%[er][abcds][xip]\b|<\?php/gim;

/** Whether a text is RISC-V assembly; undefined where nothing in it tells. Only its beginning is read. */
export function looksLikeRiscv(text: string): boolean | undefined {
  const start = text.slice(0, mostRead);
  const own = count(start, ofRiscv);
  const other = count(start, ofOthers);
  return own === other ? undefined : own > other;
}

/** In UTF-16 code units. */
const mostRead = 50_000;

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
