import type { ByteReader } from '../elf/byte-reader';

/** A section of frame entries; its pointers may be relative to where it is in memory. */
export interface FrameSection {
  readonly name: '.debug_frame' | '.eh_frame';
  readonly address: bigint;
}

/** A common information entry (DWARF 5, section 6.4.1; LSB 5, section 10.6 for `.eh_frame`). */
export interface CommonEntry {
  readonly codeAlignment: bigint;
  readonly dataAlignment: bigint;
  /** The register, or a number beyond them, whose rule finds the return address. */
  readonly returnColumn: number;
  /** How pointers are encoded: DW_EH_PE numbers. */
  readonly pointerEncoding: number;
  /** Its functions' entries have a length of augmentation data. */
  readonly isAugmented: boolean;
  /** Its functions are entered by an event, not by a call: the return address is the next instruction of a frame that is intact. */
  readonly isSignalFrame: boolean;
  /** What is added to the addresses in the section. */
  readonly bias: bigint;
  readonly program: Uint8Array;
}

/** Reads the common entry at the reader. Throws ProgramError where it is corrupt. */
export function readCommonEntry(reader: ByteReader, section: FrameSection): CommonEntry {
  const length = reader.u32();
  const isWide = length === 0xffffffff;
  const size = isWide ? reader.u64AsNumber() : length;
  const end = reader.offset + size;
  reader.take(isWide ? 8 : 4);
  const version = reader.u8();
  if (![1, 3, 4].includes(version)) throw reader.error(`frame tables of version ${version} are not known`);
  const augmentation = reader.text();
  if (version === 4) reader.take(2);
  const codeAlignment = reader.uleb();
  const dataAlignment = reader.sleb();
  const returnColumn = version === 1 ? reader.u8() : reader.ulebAsNumber();
  const isAugmented = augmentation.startsWith('z');
  const pointerEncoding = isAugmented ? readAugmentation(reader, section, augmentation) : absolute;
  if (!isAugmented && augmentation !== '' && augmentation !== 'S') throw reader.error(`augmentation "${augmentation}" is not known`);
  return {
    codeAlignment,
    dataAlignment,
    returnColumn,
    pointerEncoding,
    isAugmented,
    isSignalFrame: augmentation.includes('S'),
    bias: reader.bias,
    program: reader.slice(Math.max(0, end - reader.offset)),
  };
}

/** The augmentation data of an entry, skipped. */
export function readAugmented(reader: ByteReader): void {
  reader.take(reader.ulebAsNumber());
}

const absolute = 0;
const pcRelative = 0x10;

function readAugmentation(reader: ByteReader, section: FrameSection, augmentation: string): number {
  const size = reader.ulebAsNumber();
  const next = reader.offset + size;
  let pointerEncoding = absolute;
  for (const letter of augmentation.slice(1)) {
    if (letter === 'R') pointerEncoding = reader.u8();
    else if (letter === 'L') reader.u8();
    else if (letter === 'P') readPointer(reader, section, reader.u8());
    else if (letter !== 'S' && letter !== 'B') break;
  }
  reader.seek(next);
  return pointerEncoding;
}

/** Reads the length of what a pointer of an encoding points to. */
export function readExtent(reader: ByteReader, encoding: number): bigint {
  return BigInt.asUintN(64, readNumber(reader, encoding & 0x0f));
}

/** Reads a pointer in a DW_EH_PE encoding. */
export function readPointer(reader: ByteReader, section: FrameSection, encoding: number): bigint {
  const place = section.address + BigInt(reader.offset);
  const value = readNumber(reader, encoding & 0x0f);
  switch (encoding & 0x70) {
    case absolute:
      return BigInt.asUintN(64, value + reader.bias);
    case pcRelative:
      return BigInt.asUintN(64, place + value);
    default:
      throw reader.error(`the pointer encoding 0x${encoding.toString(16)} is not known`);
  }
}

function readNumber(reader: ByteReader, format: number): bigint {
  switch (format) {
    case 0x00:
    case 0x04:
    case 0x0c:
      return reader.u64();
    case 0x01:
      return reader.uleb();
    case 0x02:
      return BigInt(reader.u16());
    case 0x03:
      return BigInt(reader.u32());
    case 0x09:
      return reader.sleb();
    case 0x0a:
      return BigInt.asIntN(16, BigInt(reader.u16()));
    case 0x0b:
      return BigInt.asIntN(32, BigInt(reader.u32()));
    default:
      throw reader.error(`the pointer format 0x${format.toString(16)} is not known`);
  }
}
