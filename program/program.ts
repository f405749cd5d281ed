import type { DebugInfo } from './debug-info';
import type { CallFrameTable } from './unwind/call-frame-table';

/** The bytes of a file: an array of all, or what reads those that are asked for. `subarray` gives what there is between two offsets. */
export interface FileImage {
  readonly length: number;
  subarray(start: number, end: number): Uint8Array;
}

/** What it takes to load and run a program: what its ELF file says, in the shape the other rooms read. Addresses are guest addresses. */
export interface Executable {
  /** The name people know it by: the base name of its file. */
  readonly name: string;
  /** The ELF image itself. */
  readonly image: FileImage;
  readonly entry: bigint;
  /** What is added to the addresses in the image, where the program is position-independent. */
  readonly bias?: bigint;
  /** The loadable segments, sorted by address, not overlapping. */
  readonly segments: readonly Segment[];
  /** It runs code on its stack. */
  readonly hasCodeOnStack?: boolean;
  readonly symbols: SymbolTable;
  /** What of the file could not be read and is left out, one sentence each: the program runs without it. */
  readonly notes: readonly string[];
}

/** An executable, and what its file says of its source. */
export interface Program extends Executable {
  readonly image: Uint8Array;
  readonly lines: LineTable;
  readonly callFrames: CallFrameTable;
  /** Functions, variables and types as the source has them. */
  readonly debugInfo: DebugInfo;
  /** The functions that can be traced, sorted by address: those named by `__patchable_function_entries`. */
  readonly callSites: readonly CallSite[];
  /** Entries of `__patchable_function_entries` that cannot be used, with the reason. */
  readonly refusedCallSites: readonly RefusedCallSite[];
  /** The text of sources that exist in memory only, by the path the line table gives them. */
  readonly embeddedSources: ReadonlyMap<string, string>;
}

export interface Segment {
  readonly address: bigint;
  /** Where a loader without an operating system puts it: its physical address. */
  readonly loadAddress: bigint;
  /** Bytes from the file; the rest up to `size` is zero. */
  readonly bytes: Uint8Array;
  readonly size: bigint;
  readonly permissions: Permissions;
}

export interface Permissions {
  readonly read: boolean;
  readonly write: boolean;
  readonly execute: boolean;
}

/** A patchable call site: 8 bytes at the start of a function, kept free for `auipc t0` + `jalr t0`. */
export interface CallSite {
  /** The function's name. */
  readonly name: string;
  /** F: the address of the function and of its first call-site byte. */
  readonly address: bigint;
}

/** A call site that the compiler left but that cannot be patched. */
export interface RefusedCallSite extends CallSite {
  /** Why, in a sentence for people that says what to change. */
  readonly reason: string;
}

export interface ProgramSymbol {
  readonly name: string;
  readonly address: bigint;
  /** Size in bytes; 0 where the program does not say. */
  readonly size: bigint;
  readonly kind: 'function' | 'object' | 'other';
  readonly global: boolean;
}

export interface SymbolTable {
  readonly all: readonly ProgramSymbol[];
  /** The symbol of that name; a global one before a local one. */
  named(name: string): ProgramSymbol | undefined;
  /** The offset of a thread-local variable in its thread's block; undefined where none or several have that name. */
  threadLocal(name: string): bigint | undefined;
  /** The function that holds an address, also where its symbol has no size (then up to the next symbol of its section). */
  functionAt(address: bigint): ProgramSymbol | undefined;
  /** The nearest symbol at or below an address, for `name+0x10` texts; never one of another section. */
  nearest(address: bigint): { symbol: ProgramSymbol; offset: bigint } | undefined;
}

/** A row of a line table (DWARF 5, section 6.2): the statement whose code starts at `address`. */
export interface LineRow {
  readonly address: bigint;
  /** Path of the source, as the line table gives it, made absolute with its directory. */
  readonly path: string;
  /** 1-based; column 0 means the whole line. */
  readonly line: number;
  readonly column: number;
  readonly isStatement: boolean;
  readonly prologueEnd: boolean;
  /**
   * It is of the same line as the row before, and only tells the blocks of that apart by a discriminator: as for gdb (dwarf2/read.c,
   * `dwarf_record_line_p`), no statement starts there.
   */
  readonly continues: boolean;
}

export interface LineTable {
  /** The paths of all sources, each once. */
  readonly paths: readonly string[];
  /** The row that covers an address, and the address where its code ends. Code of line 0 counts to the row before it. */
  at(address: bigint): { row: LineRow; end: bigint } | undefined;
  /**
   * The first line at or after `line` in that source that has code, with the addresses where a breakpoint on it goes, ascending:
   * one in each block and inlined call that has code of the line, after the prologue where the line starts a function, never in a call
   * site. With a column, those of the statement that starts there or next after it on that line.
   */
  addressesOf(path: string, line: number, column?: number): { line: number; column?: number; addresses: readonly bigint[] } | undefined;
  /** Where statements of that source start, ascending, from line `first` to `last`. */
  statementsIn(path: string, first: number, last: number): readonly StatementPlace[];
  /** All lines of that source with code, ascending, from `first` to `last`. */
  linesWithCode(path: string, first: number, last: number): readonly number[];
  /** Where a function's first statement is: after its call site and, where the lines tell, after its prologue. */
  bodyAddress(symbol: ProgramSymbol): bigint;
  /** Where a breakpoint on a function goes: to its body, or before its prologue where its variables are known there already. */
  breakpointAddress(symbol: ProgramSymbol): bigint;
}

/** Where a statement starts; column 0 is the whole line. */
export interface StatementPlace {
  readonly line: number;
  readonly column: number;
}

/** An error or warning about a source text or an ELF file. Lines and columns count from 1; line 0 is the whole file. */
export interface Diagnostic {
  /** A note is what `.print` says. */
  readonly severity: 'error' | 'warning' | 'note';
  readonly path: string;
  readonly line: number;
  readonly column: number;
  /** Characters marked, at least 1. */
  readonly length: number;
  readonly message: string;
}
