import { patchableEntries } from './call-sites';
import { loadedFrames } from './debug/debug-frame';
import { debugSections } from './debug/debug-sections';
import { type Diagnostics, SourceError } from './diagnostics';
import { symbolTableOf } from './elf/elf-symbols';
import { writeElf } from './elf/elf-writer';
import { offsetTable } from './global-offset-table';
import { relaxLinked } from './linker-relaxation/relax-linked';
import { globalPointer, provideLinkerSymbols } from './linker-symbols';
import { mergeSections } from './merge-sections';
import { collect, type OutputSection, placeLoaded, placeUnloaded, totalBytes } from './output-sections';
import { checkOrigins, relax, takeBackPadding } from './relax';
import { type Pointers, Relocator } from './relocate';
import { resolveSymbols } from './resolve-symbols';
import { attributesSection, headerFlags } from './riscv-attributes';
import { type Section, SHF_TLS } from './section';
import type { SourceAssembler } from './source-assembler';
import type { AssemblySymbol } from './symbols';

/** The most bytes that a program may have. */
const mostBytes = 256 * 2 ** 20;

export interface LinkOptions {
  /** The address of the first byte of `.text`. */
  readonly textAddress: bigint;
  /** Whether calls and addresses are shortened. */
  readonly relaxes: boolean;
}

/** Links assembled sources to a static ELF64; undefined where an error stands in the way. */
export function link(sources: readonly SourceAssembler[], options: LinkOptions, diagnostics: Diagnostics): Uint8Array | undefined {
  const report = (error: SourceError) => diagnostics.error(error.span, error.message);
  const { commons, globals } = resolveSymbols(sources, diagnostics);
  const written = [...sources.flatMap((source) => [...source.sections.values()]), ...commons];
  written.push(...offsetTable(written), ...patchableEntries(sources));
  for (const section of written) layOut(section, report);
  const sections = [...mergeSections(sources, written)];
  for (const section of loadedFrames(sources)) {
    sections.push(section);
    layOut(section, report);
  }
  if (!options.relaxes) for (const section of sections) takeBackPadding(section);
  const loaded = collect(sections, true);
  placeLoaded(loaded, options.textAddress);
  if (totalBytes(loaded) > mostBytes) return tooLarge(sources, diagnostics);
  const pointers = () => {
    const provided = provideLinkerSymbols(sources, loaded).get(globalPointer)!;
    return pointersOf(loaded, globals.get(globalPointer), provided);
  };
  if (options.relaxes) relaxLinked(sources, sections, loaded, options.textAddress, pointers);
  const relocator = new Relocator(report, pointers());

  const debug = debugSections(sources);
  for (const section of debug) layOut(section, report);
  const unloaded = [...collect([...sections, ...debug], false), attributesSection(sources)];
  placeUnloaded(unloaded);
  if (loaded.length + unloaded.length > mostSections) return tooManySections(sources, diagnostics);
  if (totalBytes(unloaded) > mostBytes) return tooLarge(sources, diagnostics);

  const outputs = [...loaded, ...unloaded];
  const contents = new Map(outputs.map((output) => [output, contentsOf(output, relocator)]));
  const symbols = symbolTableOf(sources, globals, outputs, relocator);
  if (diagnostics.hasErrors) return undefined;
  const start = globals.get('_start');
  const entry = entryOf(loaded, start && relocator.addressOfSymbol(start), sources, diagnostics);
  return writeElf({ entry, flags: headerFlags(sources), loaded, unloaded, contents, symbols });
}

/** `own` is the symbol for the global pointer where a source defines it. */
function pointersOf(loaded: readonly OutputSection[], own: AssemblySymbol | undefined, provided: bigint): Pointers {
  const threadStart = loaded.find(({ flags }) => flags & SHF_TLS)?.address ?? 0n;
  const pointers = { threadStart, globalPointer: provided };
  const found = own && new Relocator(() => {}, pointers).attempt((relocator) => relocator.addressOfSymbol(own));
  return { ...pointers, globalPointer: found ?? provided };
}

function layOut(section: Section, report: (error: SourceError) => void): void {
  relax(section, report);
  try {
    checkOrigins(section, report);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    report(error);
  }
}

function contentsOf(output: OutputSection, relocator: Relocator): Uint8Array {
  if (!output.hasBits) return new Uint8Array(0);
  const bytes = new Uint8Array(output.size);
  for (const { section, offset } of output.inputs) relocator.write(section, bytes.subarray(offset));
  if (output.bytes) bytes.set(output.bytes);
  return bytes;
}

/** GNU ld: `_start`, or else the start of the code, with a warning. */
function entryOf(
  loaded: readonly OutputSection[],
  start: bigint | undefined,
  sources: readonly SourceAssembler[],
  diagnostics: Diagnostics,
): bigint {
  if (start !== undefined) return start;
  const { address } = loaded[0]!;
  if (sources.length > 0 && loaded[0]!.size > 0) {
    const text = `there is no global symbol '_start': the program starts at 0x${address.toString(16)}, the start of its code`;
    diagnostics.warning({ path: sources[0]!.path, line: 0, column: 1, length: 1 }, text);
  }
  return address;
}

/** Section numbers from 0xff00 on have other meanings in ELF (gABI, "Special Section Indexes"); four sections are the writer's own. */
const mostSections = 0xff00 - 4;

function tooManySections(sources: readonly SourceAssembler[], diagnostics: Diagnostics): undefined {
  const path = sources[0]?.path ?? '';
  diagnostics.error({ path, line: 0, column: 1, length: 1 }, `the program would have more than ${mostSections} sections`);
}

function tooLarge(sources: readonly SourceAssembler[], diagnostics: Diagnostics): undefined {
  const path = sources[0]?.path ?? '';
  diagnostics.error({ path, line: 0, column: 1, length: 1 }, `the program would have more than ${mostBytes / 2 ** 20} MiB`);
}
