import { DebugInfo } from './debug-info';
import { DebugSections } from './dwarf/debug-sections';
import { type DebugFiles, SplitUnits } from './dwarf/entries/split-units';
import { readLineTable } from './dwarf/read-line-table';
import { readElfFile } from './elf/elf-file';
import type { Program } from './program';
import { executableOf } from './read-executable';
import { makeCallFrameTable } from './unwind/call-frame-table';

/**
 * Reads a static riscv64 ELF executable. Throws ProgramError, naming cause and place, for anything else; symbols, lines and
 * call sites that cannot be read are left out and told in the program's `notes`.
 *
 * `name` is the base name for messages. `embeddedSources` are source texts that exist in memory only, by path. Relative paths
 * of the line table are taken from `sourceFolder`, where there is one. What compilers have put into other files is read from `debugFiles`.
 */
export function readProgram(
  image: Uint8Array,
  name: string,
  embeddedSources: ReadonlyMap<string, string> = new Map(),
  sourceFolder?: string,
  debugFiles: DebugFiles = noFiles,
): Program {
  const notes: string[] = [];
  const file = readElfFile(image, name, notes);
  const executable = executableOf(file, notes);
  const { segments, symbols, callSites } = executable;
  const sections = new DebugSections(file);
  const splits = new SplitUnits(sections, name, debugFiles);
  const debugInfo = new DebugInfo(sections, symbols, sourceFolder, splits);
  const places = {
    segments,
    symbols,
    callSites,
    entries: debugInfo.entries,
    sourceFolder,
    blockAt: (address: bigint) => debugInfo.blockAt(address),
    isInlined: (address: bigint) => debugInfo.inlinedAt(address).length > 0,
    isKnownInPrologue: (address: bigint) => debugInfo.isKnownInPrologue(address),
  };
  const split = splits.note(debugInfo.entries.units);
  if (split !== undefined) notes.push(split);
  const lines = readLineTable(sections, places, notes);
  const callFrames = makeCallFrameTable(sections);
  return { ...executable, image, lines, callFrames, debugInfo, embeddedSources };
}

const noFiles: DebugFiles = { folder: '', open: () => undefined };
