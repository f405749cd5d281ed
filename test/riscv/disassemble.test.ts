import assert from 'node:assert/strict';
import { decoderFor } from '../../riscv/decode';
import { disassembleWord } from '../../riscv/disassemble';
import { lengthOf } from '../../riscv/instruction-row';
import { instructionTable } from '../../riscv/instruction-table';
import { isaName, isIn, parseIsa, wholeIsa } from '../../riscv/isa-string';
import { randomWords } from '../support/random';
import { requireTools } from '../support/tools';
import { gnuArch, gnuDisassemble, gnuDisassembleSource, gnuTools, llvmDisassemble } from './gnu';

const gnuIsa = parseIsa(gnuArch);
const decode = decoderFor(gnuIsa);

interface Word {
  readonly word: number;
  readonly length: 2 | 4;
}

describe('disassemble', () => {
  for (const aliases of [true, false]) {
    const mode = aliases ? 'with aliases' : 'without aliases';

    it(`says what objdump says of every halfword, ${mode}`, function () {
      requireTools(this, ...gnuTools);
      compare(halfwords(), aliases);
    });

    it(`says what objdump says of random and edge words of every row, ${mode}`, function () {
      requireTools(this, ...gnuTools);
      compare([...wordsOfRows(), ...csrWords()], aliases);
    });

    it(`says what objdump says of words that are mostly nothing, ${mode}`, function () {
      requireTools(this, ...gnuTools);
      compare(randomOtherWords(), aliases);
    });
  }

  for (const aliases of [true, false])
    it(`says what llvm-objdump says of every row that objdump 2.40 does not know, ${aliases ? 'with' : 'without'} aliases`, function () {
      requireTools(this, ...gnuTools, 'llvm-objdump-19');
      const words = wordsOfOtherRows();
      assert.ok(words.length > 1000);
      const extensions = ['m', 'a', 'f', 'd', 'c', ...isaName(wholeIsa).toLowerCase().split('_').slice(1)];
      const theirs = llvmDisassemble(words, aliases, extensions);
      const differences: string[] = [];
      let address = 0n;
      for (const [index, { word, length }] of words.entries()) {
        const { text } = disassembleWord(word, address, { aliases });
        // GNU's conventions: no mode of rounding where it is dynamic, and a name for the copy of the low byte.
        const llvm = theirs[index]!.text.replace(/,dyn$/, '').replace(/^andi\t(\w+),\1,255$/, aliases ? 'zext.b\t$1,$1' : '$&');
        if (text !== llvm || theirs[index]!.address !== address)
          differences.push(`${word.toString(16)}: ours ${text}, llvm-objdump ${llvm}`);
        address += BigInt(length);
      }
      assert.deepEqual(differences.slice(0, 20), [], `${differences.length} differences`);
    });

  it('writes targets as objdump does where a symbol has a name', function () {
    requireTools(this, ...gnuTools);
    const source = 'main:\n nop\n beq a0, a1, main + 2\n j main\n .option norvc\n jal ra, main\n bnez s0, main';
    const theirs = gnuDisassembleSource(source);
    const symbolAt = (address: bigint) => (address === 0n ? 'main' : `main+0x${address.toString(16)}`);
    let address = 0n;
    const ours = [0x0001, 0x00b50063, 0xbfed, 0xff9ff0ef, 0xfe041ae3].map((word) => {
      const { text, length } = disassembleWord(word, address, { symbolAt });
      const line = { address, text };
      address += BigInt(length);
      return line;
    });
    assert.deepEqual(ours, theirs);
  });
});

function compare(words: readonly Word[], aliases: boolean): void {
  const theirs = gnuDisassemble(words, aliases);
  let address = 0n;
  const ours = words.map(({ word, length }) => {
    const line = { address, text: disassembleWord(word, address, { aliases, decode }).text };
    address += BigInt(length);
    return line;
  });
  assert.equal(theirs.length, ours.length);
  const differences = ours.flatMap((line, index) =>
    line.text === theirs[index]!.text && line.address === theirs[index]!.address
      ? []
      : [`${words[index]!.word.toString(16)}: ours ${line.text}, objdump ${theirs[index]!.text}`],
  );
  assert.deepEqual(differences.slice(0, 20), [], `${differences.length} differences`);
}

/** Every halfword that is an instruction by itself, but for c.addi16sp by 0: it is reserved, and objdump shows it all the same. */
function halfwords(): Word[] {
  return Array.from({ length: 0x10000 }, (_, word): Word => ({ word, length: 2 })).filter(
    ({ word }) => (word & 3) !== 3 && word !== 0x6101,
  );
}

function wordsOfRows(): Word[] {
  const random = randomWords(1);
  return instructionTable
    .filter((row) => isIn(gnuIsa, row) && lengthOf(row) === 4)
    .flatMap((row) => {
      const free = ~row.mask >>> 0;
      const edges = [0, free, free & 0x00007fff, free & 0xffff8000, free & 0x7ff00000, free & 0x80000000, free & 0x000fffff];
      const fillings = [...edges, ...Array.from({ length: 60 }, () => random() & free)];
      return fillings.map((filling): Word => ({ word: (row.match | filling) >>> 0, length: 4 }));
    });
}

/** Words of the rows that are not in GNU's ISA, with every mode of rounding that there is. */
function wordsOfOtherRows(): Word[] {
  const random = randomWords(3);
  return instructionTable
    .filter((row) => !isIn(gnuIsa, row))
    .flatMap((row) => {
      const length = lengthOf(row);
      const free = (~row.mask & (length === 2 ? 0xffff : 0xffffffff)) >>> 0;
      const fillings = [0, free, ...Array.from({ length: 60 }, () => random() & free)];
      const words = fillings.map((filling): Word => ({ word: (row.match | filling) >>> 0, length }));
      const hasMode = row.operands.includes('rounding');
      return hasMode ? words.filter(({ word }) => ![5, 6].includes((word >>> 12) & 7)) : words;
    });
}

function csrWords(): Word[] {
  return Array.from({ length: 4096 }, (_, csr): Word => ({ word: ((csr << 20) | 0x2573) >>> 0, length: 4 }));
}

/** Words in the opcodes that have rows: elsewhere objdump may know instructions of extensions that we have not. */
function randomOtherWords(): Word[] {
  const random = randomWords(2);
  const opcodes = [0x03, 0x0f, 0x13, 0x1b, 0x23, 0x2f, 0x33, 0x3b, 0x63, 0x67];
  return Array.from({ length: 20000 }, (): Word => ({ word: ((random() & ~0x7f) | opcodes[random() % opcodes.length]!) >>> 0, length: 4 }));
}
