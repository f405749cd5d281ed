import { assembleLine } from '../../program/assembler/assemble-line';
import { disassembleWord } from '../../riscv/disassemble';
import { type Isa, parseIsa, wholeIsa } from '../../riscv/isa-string';
import type { AssemblyDocument } from '../document/assembly-document';
import { operationOf } from '../document/parsed-line';
import { isInstruction } from '../knowledge/instructions';

/** What the instruction of a line is assembled to. */
export interface LineCode {
  readonly bytes: Uint8Array;
  /** False where the linker fills in an address: the bytes have zeros there. */
  readonly isFinal: boolean;
  /** Its instructions as a disassembler shows them, one a text: `00150513  addi a0,a0,1`. */
  readonly texts: readonly string[];
}

/** The code of a line with one instruction; undefined for all else. */
export function lineCode(document: AssemblyDocument, number: number, isa: Isa): LineCode | undefined {
  const line = document.line(number);
  const [statement, ...others] = line?.parsed.statements ?? [];
  const operation = statement && operationOf(statement);
  if (!line || !statement?.name || operation === undefined || others.length > 0 || !isInstruction(operation)) return undefined;
  const text = line.parsed.code.slice(statement.name.column - 1);
  const { bytes, isFinal, diagnostics } = assembleLine(text, { isa });
  if (bytes.length === 0 || diagnostics.length > 0) return undefined;
  return { bytes, isFinal, texts: disassembleAll(bytes) };
}

/** The ISA of a setting; one that is none counts as not set. */
export function isaOf(text: string): Isa {
  try {
    return text === '' ? wholeIsa : parseIsa(text);
  } catch (error) {
    if (error instanceof RangeError) return wholeIsa;
    throw error;
  }
}

function disassembleAll(bytes: Uint8Array): string[] {
  const padded = new Uint8Array(bytes.length + 4);
  padded.set(bytes);
  const view = new DataView(padded.buffer);
  const texts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const word = view.getUint32(at, true);
    const { text, length } = disassembleWord(word, 0n, { aliases: false });
    const digits = (length === 2 ? word & 0xffff : word >>> 0).toString(16).padStart(length * 2, '0');
    texts.push(`${digits}  ${text.replace('\t', ' ')}`);
    at += length;
  }
  return texts;
}
