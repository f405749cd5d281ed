import { Random } from '../test/support/random';

const registers = ['a0', 'a1', 'a2', 'a3', 'a4', 'a5', 's0', 's1', 's2', 't0', 't1', 't2', 'a7'];
const constants = ['1', '-1', '100', '0x12345', '0x7fffffff', '0x123456789abcdef'];

/** Assembly as compilers and people write it: functions with frames, branches, calls, loads of addresses, and their data. */
export function ordinarySource(lines: number, seed = 1): string {
  const random = new Random(seed);
  const register = () => random.pick(registers);
  const text: string[] = ['\t.text', '\t.globl\t_start', '_start:', '\tcall\tfunction1'];
  for (let number = 1; text.length < lines; number++) {
    const frame = 16 * (1 + random.below(4));
    const labels = 1 + random.below(5);
    const label = () => `.L${number}_${random.below(labels)}`;
    const instructions: (() => string)[] = [
      () => `addi\t${register()}, ${register()}, ${random.below(4096) - 2048}`,
      () => `add\t${register()}, ${register()}, ${register()}`,
      () => `ld\t${register()}, ${8 * random.below(256)}(${register()})`,
      () => `sw\t${register()}, ${4 * (random.below(1024) - 512)}(${register()})`,
      () => `li\t${register()}, ${random.pick(constants)}`,
      () => `mv\t${register()}, ${register()}`,
      () => `slli\t${register()}, ${register()}, ${1 + random.below(63)}\t# shifts`,
      () => `mulw\t${register()}, ${register()}, ${register()}`,
      () => `la\t${register()}, data${1 + random.below(number)}`,
      () => `call\tfunction${1 + random.below(number)}`,
      () => `${random.pick(['beq', 'bne', 'blt', 'bgeu'])}\t${register()}, ${register()}, ${label()}`,
      () => `beqz\t${register()}, ${label()}`,
      () => `j\t${label()}`,
    ];
    text.push(`\t.globl\tfunction${number}`, `\t.type\tfunction${number}, @function`, `function${number}:`);
    text.push(`\taddi\tsp, sp, -${frame}`, `\tsd\tra, ${frame - 8}(sp)`, `\tsd\ts0, ${frame - 16}(sp)`);
    for (let block = 0; block < labels; block++) {
      text.push(`.L${number}_${block}:`);
      for (let count = 4 + random.below(10); count > 0; count--) text.push(`\t${random.pick(instructions)()}`);
    }
    text.push(`\tld\tra, ${frame - 8}(sp)`, `\tld\ts0, ${frame - 16}(sp)`, `\taddi\tsp, sp, ${frame}`, '\tret');
    text.push(`\t.size\tfunction${number}, .-function${number}`, '\t.data');
    text.push(`data${number}:\t.word ${number}, ${3 * number}, 0x${number.toString(16)}`, `\t.asciz "name ${number}\\n"`);
    text.push('\t.balign 8', '\t.text');
  }
  return `${text.join('\n')}\n`;
}
