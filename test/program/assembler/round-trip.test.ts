import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { assemble } from '../../../program/assembler/assemble';
import { readProgram } from '../../../program/read-program';
import { decode } from '../../../riscv/decode';
import { disassembleWord } from '../../../riscv/disassemble';
import { lengthOf } from '../../../riscv/instruction-row';
import { instructionTable, isHint, rowOf } from '../../../riscv/instruction-table';
import { isaName, wholeIsa } from '../../../riscv/isa-string';
import { operandKinds } from '../../../riscv/operands';
import { Random } from '../../support/random';

const textAddress = 0x1000_0000;
const wordsPerRow = 200;

describe('assembling what is disassembled', () => {
  for (const length of [4, 2] as const) {
    for (const aliases of [false, true]) {
      it(`gives random ${length * 8}-bit words back, ${aliases ? 'with aliases' : 'without aliases'}`, () => {
        const words = randomWords(length);
        assert.ok(words.length > 3000);
        const lines = words.map((word, index) => {
          const address = textAddress + index * length;
          const { text } = disassembleWord(word, BigInt(address), { aliases });
          // Assemblers take a number for an absolute address, which may be far from the section.
          return jumps(word) ? text.replace(/0x[0-9a-f]+$/, (target) => `. + ${Number(target) - address}`) : text;
        });
        const options = `.globl _start; .option arch, ${isaName(wholeIsa).toLowerCase()}; .option ${length === 2 ? 'rvc' : 'norvc'}; _start:`;
        const source = `${options}\n${lines.join('\n')}\n`;
        const { image, diagnostics } = assemble([{ path: 'words.s', text: source }], { textAddress: BigInt(textAddress) });
        assert.deepEqual([...new Set(diagnostics.map(({ line, message }) => `${lines[line - 2]}: ${message}`))].slice(0, 12), []);
        const { address, bytes } = readProgram(image!, 'words').segments.find(({ permissions }) => permissions.execute)!;
        const view = new DataView(bytes.buffer, bytes.byteOffset + textAddress - Number(address));
        const wrong = words.flatMap((word, index) => {
          const ours = length === 4 ? view.getUint32(index * 4, true) : view.getUint16(index * 2, true);
          return sameEffect(ours, word, length === 2 && aliases) ? [] : [`${word.toString(16)}: ${lines[index]}: ${ours.toString(16)}`];
        });
        assert.deepEqual(wrong.slice(0, 10), [], `${wrong.length} words`);
      });
    }
  }
});

/**
 * Words of every row. Hints are written as instructions that assemblers encode otherwise, so is c.nop (as c.addi of zero), and
 * reserved bits are not written at all.
 */
function randomWords(length: 2 | 4): number[] {
  const random = new Random(42);
  const all = length === 4 ? 0xffff_ffff : 0xffff;
  return instructionTable
    .filter((row) => lengthOf(row) === length)
    .flatMap((row) =>
      Array.from({ length: wordsPerRow }, () => {
        const bits = random.pick([random.word(), random.word() & random.word(), random.word() | random.word()]);
        return ((row.match | (bits & ~row.mask)) & all) >>> 0;
      }),
    )
    .filter((word) => {
      const instruction = decode(word);
      if (!instruction || instruction.mnemonic === 'c.nop' || isHint(rowOf(instruction.mnemonic), instruction)) return false;
      return !/^\.[24]byte|unknown/.test(disassembleWord(word, 0n).text);
    });
}

function jumps(word: number): boolean {
  return rowOf(decode(word)!.mnemonic).operands.some((kind) => operandKinds[kind].syntax === 'target');
}

/** Two compressed instructions, such as c.addi and c.addi16sp, may be shown as the same base instruction. */
function sameEffect(ours: number, theirs: number, isBaseShown: boolean): boolean {
  if (!isBaseShown) return ours === theirs;
  const { mnemonic: _, word: __, ...effect } = decode(ours)!;
  const { mnemonic: ___, word: ____, ...wanted } = decode(theirs)!;
  return isDeepStrictEqual(effect, wanted);
}
