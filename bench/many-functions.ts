import { assemble } from '../program/assembler/assemble';
import { randomBelow } from '../test/support/random';

/** A program of so many hot functions, none like another, as a kernel has while it boots; they are called in turn, for ever. */
export function manyFunctions(count: number, rounds = roundsOfGroup): Uint8Array {
  const random = randomBelow(1);
  const texts = Array.from({ length: count }, (_, index) => functionText(index, random));
  const calls = Array.from({ length: count }, (_, index) => `        li a0, ${index}\n        call f${index}\n        add s2, s2, a0\n`);
  const groups = chunks(calls, callsOfGroup).map(
    (group, index) => `        .type g${index}, @function\ng${index}:     li s1, ${rounds}\n1:\n${group.join('')}${again}        j back\n`,
  );
  const all = groups.map((_, index) => `        la s4, 1f\n        j g${index}\n1:\n`);
  const start = `        .globl _start\n_start: la s3, data\n2:\n${all.join('')}        j 2b\nback:   jr s4\n`;
  const data = `        .bss\n        .balign 4096\ndata:   .zero 4096\n`;
  const { image, diagnostics } = assemble([{ path: 'many.s', text: `${start}${groups.join('')}${texts.join('')}${data}` }]);
  if (!image) throw new Error(`many.s: ${diagnostics[0]?.message}`);
  return image;
}

/** Functions that are called in turn, and how often before the next ones are. */
const callsOfGroup = 8;
const roundsOfGroup = 20_000;
const again = '        addi s1, s1, -1\n        beqz s1, 2f\n        j 1b\n2:\n';

/** A function of 15 to 60 instructions: arithmetic, accesses to data and stack, branches and a short loop. */
function functionText(index: number, random: (below: number) => number): string {
  const registers = ['t0', 't1', 't2', 't3', 'a1', 'a2', 'a3', 'a4'];
  const register = () => registers[random(registers.length)]!;
  const slot = () => 8 * random(200);
  const one = (): string => {
    switch (random(9)) {
      case 0:
      case 1:
        return `ld ${register()}, ${slot()}(s3)`;
      case 2:
        return `sd ${register()}, ${slot()}(s3)`;
      case 3:
        return `lw ${register()}, ${slot()}(s3)`;
      case 4:
        return `addi ${register()}, ${register()}, ${random(2000) - 1000}`;
      case 5:
        return `slli ${register()}, ${register()}, ${random(63)}`;
      case 6:
        return `mul ${register()}, ${register()}, ${register()}`;
      case 7:
        return `addw ${register()}, ${register()}, ${register()}`;
      default:
        return `xor ${register()}, ${register()}, ${register()}`;
    }
  };
  const some = (count: number) => Array.from({ length: count }, () => `        ${one()}\n`).join('');
  const branch = `        bltu ${register()}, ${register()}, 3f\n${some(2 + random(10))}3:\n`;
  const loop = `        li a5, ${1 + random(5)}\n4:\n${some(1 + random(8))}        addi a5, a5, -1\n        bnez a5, 4b\n`;
  const body = [some(4 + random(12)), branch, ...(random(2) ? [loop] : []), ...(random(2) ? [branch] : [])].join('');
  return `        .type f${index}, @function\nf${index}:\n        addi sp, sp, -16\n        sd ra, 8(sp)\n${body}        ld ra, 8(sp)\n        addi sp, sp, 16\n        mv a0, a1\n        ret\n`;
}

function chunks<Item>(all: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size));
}
