import { ByteBuffer } from '../byte-buffer';
import { encodeLeb128 } from '../leb128';
import type { SourceRow } from '../line-recorder';
import { addressOf } from '../output-sections';
import { sizeOfSection } from '../relax';
import type { Section } from '../section';
import type { SourceAssembler } from '../source-assembler';

/** A row with its address. */
interface Row extends Omit<SourceRow, 'at'> {
  readonly address: bigint;
}

/** A stretch of code of one section. */
interface Sequence {
  readonly rows: Row[];
  readonly end: bigint;
}

const version = 5;
const addressSize = 8;
const [lnctPath, lnctDirectory, formString, formUdata] = [1, 2, 0x08, 0x0f];
const standardOpcodeLengths = [0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1];
const opcode = { copy: 1, advanceLine: 3, setFile: 4, setColumn: 5, negateStatement: 6, fixedAdvance: 9, prologueEnd: 10 } as const;

/**
 * Appends the line table of a source to `section` (DWARF 5, section 6.2): one sequence for each section of code. False where there is
 * no code. A function with a call site has a row of the label's line for it, so that its first instruction has a row of its own.
 */
export function writeLines(source: SourceAssembler, section: Section): boolean {
  const sequences = sequencesOf(source);
  if (sequences.length === 0) return false;
  const header = headerOf(source);
  const program = new ByteBuffer();
  for (const sequence of sequences) writeSequence(program, sequence);
  section.fixed.appendValue(BigInt(2 + 1 + 1 + 4 + header.length + program.length), 4);
  section.fixed.append16(version);
  section.fixed.append(Uint8Array.of(addressSize, 0));
  section.fixed.append32(header.length);
  section.fixed.append(header.bytes);
  section.fixed.append(program.bytes);
  return true;
}

function sequencesOf(source: SourceAssembler): Sequence[] {
  const bySection = new Map<Section, Row[]>();
  const add = (at: SourceRow['at'], row: Omit<SourceRow, 'at'>) => {
    const rows = bySection.get(at.section) ?? [];
    bySection.set(at.section, rows);
    rows.push({ ...row, address: addressOf(at) });
  };
  if (!source.lines.followsLocations) {
    for (const { place, line } of source.callSites?.placed ?? []) {
      add(place, { file: 1, line, column: 0, isStatement: true, prologueEnd: false });
    }
  }
  for (const { at, ...row } of source.lines.rows) add(at, row);
  return [...bySection].map(([section, rows]) => ({
    rows: rows
      .map((row, index) => ({ row, index }))
      .sort((a, b) => Number(a.row.address - b.row.address) || a.index - b.index)
      .map(({ row }) => row),
    end: section.address + BigInt(sizeOfSection(section)),
  }));
}

function headerOf(source: SourceAssembler): ByteBuffer {
  const header = new ByteBuffer();
  header.append(Uint8Array.of(1, 1, 1, 0xfb, 14, standardOpcodeLengths.length + 1, ...standardOpcodeLengths));
  const { directory, name } = splitPath(source.path);
  header.append(Uint8Array.of(1, lnctPath, formString, 1));
  appendString(header, directory);
  header.append(Uint8Array.of(2, lnctPath, formString, lnctDirectory, formUdata));
  const files = filesOf(source, name);
  header.append(encodeLeb128(BigInt(files.length), false));
  for (const file of files) {
    appendString(header, file);
    header.append(Uint8Array.of(0));
  }
  return header;
}

/** File 0 is the source itself, and so is 1; with `.loc` they are those that `.file` numbers. */
function filesOf(source: SourceAssembler, name: string): string[] {
  if (!source.lines.followsLocations) return [name, name];
  const { files } = source.lines;
  const highest = Math.max(1, ...files.keys());
  const first = files.get(1) ?? name;
  return Array.from({ length: highest + 1 }, (_, index) => files.get(index) ?? first);
}

/** The directory and the name of a path. A relative path is kept whole, in no directory. */
export function splitPath(path: string): { directory: string; name: string } {
  const match = /^((?:[A-Za-z]:)?[/\\](?:.*[/\\])?)([^/\\]*)$/s.exec(path);
  if (!match) return { directory: '', name: path };
  const directory = match[1]!;
  return { directory: directory.length > 1 ? directory.slice(0, -1) : directory, name: match[2]! };
}

export function appendString(buffer: ByteBuffer, text: string): void {
  buffer.append(new TextEncoder().encode(`${text.replaceAll('\0', '')}\0`));
}

function writeSequence(program: ByteBuffer, { rows, end }: Sequence): void {
  const first = rows[0]!.address;
  program.append(Uint8Array.of(0, 1 + addressSize, 2));
  program.appendValue(first, addressSize);
  let state = { address: first, file: 1, line: 1, column: 0, isStatement: true };
  for (const row of rows) {
    advance(program, row.address - state.address);
    if (row.file !== state.file) program.append(Uint8Array.of(opcode.setFile, ...encodeLeb128(BigInt(row.file), false)));
    if (row.column !== state.column) program.append(Uint8Array.of(opcode.setColumn, ...encodeLeb128(BigInt(row.column), false)));
    if (row.isStatement !== state.isStatement) program.append(Uint8Array.of(opcode.negateStatement));
    if (row.line !== state.line) program.append(Uint8Array.of(opcode.advanceLine, ...encodeLeb128(BigInt(row.line - state.line), true)));
    if (row.prologueEnd) program.append(Uint8Array.of(opcode.prologueEnd));
    program.append(Uint8Array.of(opcode.copy));
    state = row;
  }
  advance(program, end - state.address);
  program.append(Uint8Array.of(0, 1, 1));
}

function advance(program: ByteBuffer, distance: bigint): void {
  if (distance === 0n) return;
  if (distance > 0xffffn) {
    program.append(Uint8Array.of(2, ...encodeLeb128(distance, false)));
    return;
  }
  program.append(Uint8Array.of(opcode.fixedAdvance));
  program.append16(Number(distance));
}
