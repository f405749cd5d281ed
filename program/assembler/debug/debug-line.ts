import { ByteBuffer } from '../byte-buffer';
import { appendLeb128, encodeLeb128 } from '../leb128';
import { type LineRows, rowFlags } from '../line-recorder';
import { offsetAt, offsetOf, sizeOfSection } from '../relax';
import type { Section } from '../section';
import type { SourceAssembler } from '../source-assembler';

const version = 5;
const addressSize = 8;
const [lnctPath, lnctDirectory, formString, formUdata] = [1, 2, 0x08, 0x0f];
const standardOpcodeLengths = [0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1];
const opcode = {
  copy: 1,
  advancePc: 2,
  advanceLine: 3,
  setFile: 4,
  setColumn: 5,
  negateStatement: 6,
  fixedAdvance: 9,
  prologueEnd: 10,
} as const;

/**
 * Appends the line table of a source to `section` (DWARF 5, section 6.2): one sequence for each section of code. False where there is
 * no code. A function with a call site has a row of the label's line for it, so that its first instruction has a row of its own.
 */
export function writeLines(source: SourceAssembler, section: Section): boolean {
  const program = new ByteBuffer();
  const { rows, followsLocations } = source.lines;
  const sites = followsLocations ? [] : (source.callSites?.placed ?? []);
  const sections = new Set([...rows.keys(), ...sites.map(({ place }) => place.section)]);
  if (sections.size === 0) return false;
  for (const code of sections) {
    const own = sites
      .filter(({ place }) => place.section === code)
      .map(({ place, path, line }) => ({
        offset: offsetOf(place),
        file: source.lines.numberOf(path),
        line,
      }));
    writeSequence(program, code, rows.get(code), own);
  }
  const header = headerOf(source);
  section.fixed.appendValue(BigInt(2 + 1 + 1 + 4 + header.length + program.length), 4);
  section.fixed.append16(version);
  section.fixed.append(Uint8Array.of(addressSize, 0));
  section.fixed.append32(header.length);
  section.fixed.append(header.bytes);
  section.fixed.append(program.bytes);
  return true;
}

function headerOf(source: SourceAssembler): ByteBuffer {
  const header = new ByteBuffer();
  header.append(Uint8Array.of(1, 1, 1, 0xfb, 14, standardOpcodeLengths.length + 1, ...standardOpcodeLengths));
  const { directory } = splitPath(source.path);
  const files = filesOf(source).map((path) => {
    const split = splitPath(path);
    return split.directory === '' ? { directory, name: path } : split;
  });
  const directories = [...new Set([directory, ...files.map((file) => file.directory)])];
  header.append(Uint8Array.of(1, lnctPath, formString));
  appendLeb128(header, directories.length, false);
  for (const each of directories) appendString(header, each);
  header.append(Uint8Array.of(2, lnctPath, formString, lnctDirectory, formUdata));
  appendLeb128(header, files.length, false);
  for (const file of files) {
    appendString(header, file.name);
    appendLeb128(header, directories.indexOf(file.directory), false);
  }
  return header;
}

/** File 0 is the source itself, and so is 1; with `.loc` they are those that `.file` numbers. */
function filesOf({ path, lines }: SourceAssembler): string[] {
  if (!lines.followsLocations) return [path, ...lines.paths];
  const { files } = lines;
  let highest = 1;
  for (const number of files.keys()) highest = Math.max(highest, number);
  const first = files.get(1) ?? splitPath(path).name;
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
  buffer.appendText(text.includes('\0') ? text.replaceAll('\0', '') : text);
  buffer.appendByte(0);
}

/** Writes the rows of one section, with a row for each call site before the instructions of its function. */
function writeSequence(
  program: ByteBuffer,
  section: Section,
  rows: LineRows | undefined,
  sites: readonly { readonly offset: number; readonly file: number; readonly line: number }[],
): void {
  const writer = new RowWriter(program, section);
  const count = rows?.length ?? 0;
  let site = 0;
  for (let index = 0; index < count; index++) {
    const at = offsetAt(section, rows!.fragmentOf(index), rows!.offsetOf(index));
    for (; site < sites.length && sites[site]!.offset <= at; site++) writer.label(sites[site]!);
    writer.row(at, rows!.fileOf(index), rows!.lineOf(index), rows!.columnOf(index), rows!.flagsOf(index));
  }
  for (; site < sites.length; site++) writer.label(sites[site]!);
  writer.end(sizeOfSection(section));
}

/** Writes rows as what is different from the row before (DWARF 5, section 6.2.2). */
class RowWriter {
  private offset = 0;
  private file = 1;
  private line = 1;
  private column = 0;
  private isStatement = true;
  private isFirst = true;

  constructor(
    private readonly program: ByteBuffer,
    private readonly section: Section,
  ) {}

  /** The row of the label before a call site. */
  label({ offset, file, line }: { readonly offset: number; readonly file: number; readonly line: number }): void {
    this.row(offset, file, line, 0, rowFlags.statement);
  }

  row(offset: number, file: number, line: number, column: number, flags: number): void {
    const { program } = this;
    if (this.isFirst) {
      program.append(Uint8Array.of(0, 1 + addressSize, 2));
      program.appendValue(this.section.address + BigInt(offset), addressSize);
      this.isFirst = false;
    } else this.advance(offset);
    this.offset = offset;
    if (file !== this.file) this.set(opcode.setFile, file);
    this.file = file;
    if (column !== this.column) this.set(opcode.setColumn, column);
    this.column = column;
    const isStatement = (flags & rowFlags.statement) !== 0;
    if (isStatement !== this.isStatement) program.appendByte(opcode.negateStatement);
    this.isStatement = isStatement;
    const lines = line - this.line;
    if (lines !== 0) {
      program.appendByte(opcode.advanceLine);
      if (lines > 0 && lines < 64) program.appendByte(lines);
      else appendLeb128(program, lines, true);
    }
    this.line = line;
    if ((flags & rowFlags.prologueEnd) !== 0) program.appendByte(opcode.prologueEnd);
    program.appendByte(opcode.copy);
  }

  end(offset: number): void {
    this.advance(offset);
    this.program.append(Uint8Array.of(0, 1, 1));
  }

  private set(code: number, value: number): void {
    this.program.appendByte(code);
    appendLeb128(this.program, value, false);
  }

  private advance(offset: number): void {
    const distance = offset - this.offset;
    if (distance === 0) return;
    if (distance > 0xffff) {
      this.program.appendByte(opcode.advancePc);
      this.program.append(encodeLeb128(BigInt(distance), false));
      return;
    }
    this.program.appendByte(opcode.fixedAdvance);
    this.program.append16(distance);
  }
}
