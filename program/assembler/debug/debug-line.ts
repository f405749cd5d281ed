import { ByteBuffer } from '../byte-buffer';
import { appendLeb128, encodeLeb128 } from '../leb128';
import type { LineRows, Location } from '../line-recorder';
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
  buffer.append(new TextEncoder().encode(`${text.replaceAll('\0', '')}\0`));
}

/** Writes the rows of one section, with a row for each call site before the instructions of its function. */
function writeSequence(
  program: ByteBuffer,
  section: Section,
  rows: LineRows | undefined,
  sites: readonly { readonly offset: number; readonly file: number; readonly line: number }[],
): void {
  const count = rows?.length ?? 0;
  let offset = 0;
  let state: Location = { file: 1, line: 1, column: 0, isStatement: true, prologueEnd: false };
  let isFirst = true;
  const write = (at: number, row: Location) => {
    if (isFirst) {
      program.append(Uint8Array.of(0, 1 + addressSize, 2));
      program.appendValue(section.address + BigInt(at), addressSize);
      isFirst = false;
    } else advance(program, at - offset);
    appendRow(program, state, row);
    offset = at;
    state = row;
  };
  let site = 0;
  for (let index = 0; index < count; index++) {
    const at = offsetAt(section, rows!.fragmentOf(index), rows!.offsetOf(index));
    for (; site < sites.length && sites[site]!.offset <= at; site++) write(sites[site]!.offset, labelRow(sites[site]!));
    write(at, rows!.location(index));
  }
  for (; site < sites.length; site++) write(sites[site]!.offset, labelRow(sites[site]!));
  advance(program, sizeOfSection(section) - offset);
  program.append(Uint8Array.of(0, 1, 1));
}

const labelRow = ({ file, line }: Pick<Location, 'file' | 'line'>): Location => ({
  file,
  line,
  column: 0,
  isStatement: true,
  prologueEnd: false,
});

function appendRow(program: ByteBuffer, before: Location, row: Location): void {
  if (row.file !== before.file) {
    program.appendByte(opcode.setFile);
    appendLeb128(program, row.file, false);
  }
  if (row.column !== before.column) {
    program.appendByte(opcode.setColumn);
    appendLeb128(program, row.column, false);
  }
  if (row.isStatement !== before.isStatement) program.appendByte(opcode.negateStatement);
  if (row.line !== before.line) {
    program.appendByte(opcode.advanceLine);
    appendLeb128(program, row.line - before.line, true);
  }
  if (row.prologueEnd) program.appendByte(opcode.prologueEnd);
  program.appendByte(opcode.copy);
}

function advance(program: ByteBuffer, distance: number): void {
  if (distance === 0) return;
  if (distance > 0xffff) {
    program.appendByte(opcode.advancePc);
    program.append(encodeLeb128(BigInt(distance), false));
    return;
  }
  program.appendByte(opcode.fixedAdvance);
  program.append16(distance);
}
