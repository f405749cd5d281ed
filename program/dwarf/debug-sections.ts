import { ByteReader } from '../elf/byte-reader';
import { type ElfSection, type ElfSections, SHF_COMPRESSED, sectionBytes } from '../elf/elf-file';
import { ProgramError } from '../program-error';

/** The sections of debug information by name, decompressed when first asked for. */
export class DebugSections {
  private readonly contents = new Map<string, Uint8Array | undefined>();

  constructor(private readonly file: ElfSections) {}

  /** A new reader of a section; undefined where the file has none of that name. Throws ProgramError where it cannot be decompressed. */
  reader(name: string): ByteReader | undefined {
    const bytes = this.bytes(name);
    return bytes && new ByteReader(bytes, this.describe(name), this.file.bias);
  }

  /** Where the section is in memory when the program runs; 0 where it is not loaded. */
  address(name: string): bigint {
    return this.find(name)?.address ?? 0n;
  }

  private bytes(name: string): Uint8Array | undefined {
    if (!this.contents.has(name)) this.contents.set(name, this.read(name));
    return this.contents.get(name);
  }

  private read(name: string): Uint8Array | undefined {
    const section = this.find(name);
    if (section) {
      const bytes = sectionBytes(this.file, section);
      return (section.flags & SHF_COMPRESSED) === 0n ? bytes : this.decompress(bytes, name);
    }
    const old = this.find(name.replace(/^\.debug_/, '.zdebug_'));
    return old && this.decompressOld(sectionBytes(this.file, old), old.name);
  }

  private find(name: string): ElfSection | undefined {
    return this.file.sections.find((each) => each.name === name);
  }

  /** gABI, "Section Compression": a header of 24 bytes (type, reserved, size, alignment) before the data. */
  private decompress(bytes: Uint8Array, name: string): Uint8Array {
    const reader = new ByteReader(bytes, this.describe(name));
    const type = reader.u32();
    reader.take(4);
    const size = reader.u64AsNumber();
    reader.take(8);
    const decompress = decompressors.get(type);
    if (!decompress) throw reader.error(`its compression type ${type} is not known`, 0);
    return this.inflate(bytes.subarray(reader.offset), size, name, decompress);
  }

  /** The form before gABI's: `ZLIB` and the size in 8 bytes, the high one first. */
  private decompressOld(bytes: Uint8Array, name: string): Uint8Array {
    const reader = new ByteReader(bytes, this.describe(name));
    const magic = reader.u32();
    if (magic !== oldMagic) throw reader.error('it does not start with ZLIB', 0);
    const size = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(reader.take(8), false);
    return this.inflate(bytes.subarray(reader.offset), Number(size), name, unzlib);
  }

  private inflate(data: Uint8Array, size: number, name: string, decompress: Decompress): Uint8Array {
    const limit = Math.min(largestSection, largestRatio * data.length + 1024);
    if (size > limit) throw new ProgramError(`${this.describe(name)} cannot be decompressed: it claims to have ${size} bytes`);
    try {
      const result = decompress(data, new Uint8Array(size));
      if (result.length !== size) throw new Error(`it has ${result.length} bytes instead of ${size}`);
      return result;
    } catch (error) {
      throw new ProgramError(`${this.describe(name)} cannot be decompressed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  private describe(name: string): string {
    return `${this.file.name}: section ${name}`;
  }
}

type Decompress = (data: Uint8Array, into: Uint8Array) => Uint8Array;

// These libraries build tables of 100 KB when they are first needed, which few programs do.
const unzlib: Decompress = (data, into) => (require('fflate/browser') as typeof import('fflate/browser')).unzlibSync(data, { out: into });
const unzstd: Decompress = (data, into) => (require('fzstd') as typeof import('fzstd')).decompress(data, into);
/** ELFCOMPRESS_ZLIB and ELFCOMPRESS_ZSTD. */
const decompressors: ReadonlyMap<number, Decompress> = new Map([
  [1, unzlib],
  [2, unzstd],
]);
const oldMagic = 0x42494c5a;
/** Bytes; a header that asks for more is corrupt. */
const largestSection = 2 ** 31;
/** Neither method comes near it on debug information, so that a small corrupt file asks for no large memory. */
const largestRatio = 2000;
