/** Functions with loops, calls, loads, comments and data, no two lines of code alike in all of it. */
export function longSource(count: number): string {
  const lines: string[] = ['\t.text', '_start:'];
  for (let number = 0; lines.length < count - 30; number++) {
    const name = `function_${number}`;
    lines.push(
      '',
      `# Function ${number}.`,
      `\t.globl ${name}`,
      `\t.type ${name}, @function`,
      `${name}:`,
      '\taddi sp, sp, -32',
      '\tsd ra, 24(sp)',
    );
    lines.push(
      `\tsd s1, 16(sp)`,
      `\tli s1, ${number}`,
      `.Lloop_${number}:`,
      `\tla a1, value_${number}`,
      '\tlw a0, 0(a1)',
      `\taddi a0, a0, ${number % 2048}`,
    );
    lines.push(`\tcall function_${Math.max(number - 1, 0)}`, '\tadd s1, s1, a0 # sum', '\taddi s1, s1, -1', `\tbnez s1, .Lloop_${number}`);
    lines.push('\tmv a0, s1', '\tld s1, 16(sp)', '\tld ra, 24(sp)', '\taddi sp, sp, 32', '\tret', `\t.size ${name}, .-${name}`);
    lines.push('\t.data', `value_${number}:\t.word ${number}`, '\t.text');
  }
  return lines.join('\n');
}
