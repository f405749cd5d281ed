import type { DebugSections } from './dwarf/debug-sections';
import { blockFacts } from './dwarf/entries/block-facts';
import { At, Tag } from './dwarf/entries/constants';
import { DebugEntries } from './dwarf/entries/debug-entries';
import type { Entry } from './dwarf/entries/entry';
import { inlinedCallsOf } from './dwarf/entries/inlined-calls';
import { orNothing } from './dwarf/entries/or-nothing';
import { qualifiedName } from './dwarf/entries/qualified-name';
import { contains, rangesOf } from './dwarf/entries/ranges';
import type { SplitUnits } from './dwarf/entries/split-units';
import { LineFiles } from './dwarf/line-files';
import type { CalledFunctions } from './frames/call-targets';
import { blocksAt, type FrameAccess, FrameScope, type FramesProgram } from './frames/frame-scope';
import { linkageName } from './frames/function-name';
import { TailCalls } from './frames/tail-calls';
import type { SymbolTable } from './program';
import { TypeReader } from './types/read-types';
import type { ValueMemory } from './values/value';
import { numberOfBytes } from './values/value-bytes';

/** A place in a source. Line 0: none is known. */
export interface SourcePlace {
  readonly path: string;
  readonly line: number;
  /** From 1; 0 is the whole line. */
  readonly column: number;
}

/** What the program says of its functions, variables and types: read when asked for, nothing where it says nothing. */
export class DebugInfo implements FramesProgram {
  readonly entries: DebugEntries;
  readonly types: TypeReader;
  readonly functions: CalledFunctions;
  readonly tailCalls: TailCalls;
  private readonly files: LineFiles;

  constructor(
    sections: DebugSections,
    private readonly symbols: SymbolTable,
    sourceFolder: string | undefined,
    splits?: SplitUnits,
  ) {
    const endOf = (start: bigint) => {
      const symbol = symbols.functionAt(start);
      return symbol && symbol.address + symbol.size;
    };
    this.entries = new DebugEntries(sections, splits, endOf);
    this.types = new TypeReader(this.entries);
    this.files = new LineFiles(sourceFolder);
    this.functions = {
      entryAt: (address) => this.entries.functionAt(address),
      startOf: (address) => this.startOf(address),
      addressNamed: (name) => symbols.named(name)?.address,
    };
    this.tailCalls = new TailCalls(this.functions);
  }

  /** A frame with the function that its address is in. */
  scopeOf(access: FrameAccess): FrameScope {
    return new FrameScope(this, access, this.entries.functionAt(access.exact ? access.pc : access.pc - 1n));
  }

  /** A scope of the program as a whole: for what lies outside of functions. */
  scopeWithoutFrame(memory: Pick<ValueMemory, 'read'>): FrameScope {
    const nothing = () => undefined;
    const load = (address: bigint, size: number) => {
      const bytes = memory.read(address, size);
      return bytes.length < size ? undefined : numberOfBytes(bytes);
    };
    return new FrameScope(
      this,
      { pc: 0n, exact: true, register: nothing, cfa: nothing, load, threadLocal: nothing, caller: nothing, argument: nothing },
      undefined,
    );
  }

  /** GCC does not say where thread-local variables are; their symbols do. */
  threadLocalOf(entry: Entry): bigint | undefined {
    if (entry.tag !== Tag.variable || entry.flag(At.declaration)) return undefined;
    const name = entry.holderOf(At.linkage_name)?.text(At.linkage_name) ?? entry.fullName;
    return name === undefined ? undefined : this.symbols.threadLocal(name);
  }

  /** Where the function at an address starts for call sites: without its own call site, where its entry leaves that out. */
  private startOf(address: bigint): bigint | undefined {
    const symbol = this.symbols.functionAt(address)?.address;
    const entry = this.entries.functionAt(address) ?? (symbol === undefined ? undefined : this.functionOf(symbol));
    return (entry && rangesOf(entry)[0]?.start) ?? symbol;
  }

  private isDefined(entry: Entry): boolean {
    return entry.has(At.location) || entry.has(At.const_value) || this.threadLocalOf(entry) !== undefined;
  }

  /** Where a function starts, with its call site, which GCC leaves out of the function. */
  functionAddress(entry: Entry): bigint | undefined {
    const start = rangesOf(entry)[0]?.start ?? this.bodyOf(entry);
    if (start === undefined) return undefined;
    const symbol = this.symbols.functionAt(start) ?? this.symbols.nearest(start)?.symbol;
    return symbol && symbol.address < start && start - symbol.address <= largestCallSite ? symbol.address : start;
  }

  /** Where the functions of a name start, which may leave out C++ scopes: `area` finds `Shape::area` too. */
  functionsNamed(name: string): readonly bigint[] {
    return [...new Set(this.functionEntriesNamed(name).flatMap((entry) => rangesOf(entry)[0]?.start ?? []))];
  }

  /**
   * Where code of the functions of a name starts that is inlined into others. Where they have code of their own, at `outOfLine`, only
   * their own units are looked through: an index of all names takes a while to make.
   */
  inlinedStartsNamed(name: string, outOfLine: readonly bigint[]): readonly bigint[] {
    const known = outOfLine.flatMap((address) => this.entries.functionAt(address)?.origin ?? []).filter((entry) => isNamed(entry, name));
    const functions = outOfLine.length > 0 ? known : this.functionEntriesNamed(name);
    const calls = inlinedCallsOf(functions, this.entries.wholeUnits);
    return [...new Set(calls.map((entry) => rangesOf(entry)[0]!.start))];
  }

  private functionEntriesNamed(name: string): Entry[] {
    const last = name.includes('<') ? name.replace(/^.*::/, '') : name.slice(name.lastIndexOf(':') + 1);
    const instances = name.includes('<') ? [] : this.entries.namesFrom(`${last}<`, mostInstances);
    const found = [last, ...instances].flatMap((each) => this.entries.named(each)).filter((entry) => entry.tag === Tag.subprogram);
    return found.filter((entry) => isNamed(entry, name));
  }

  /** The code of a function whose entry only declares it. */
  private bodyOf(declaration: Entry): bigint | undefined {
    const name = qualifiedName(declaration);
    const named = this.entries.named(declaration.name ?? '').filter((each) => rangesOf(each).length > 0);
    const symbol = declaration.text(At.linkage_name);
    // Functions may share a name.
    const found =
      named.find((each) => each.origin === declaration || each.origin?.origin === declaration) ??
      (symbol === undefined ? undefined : named.find((each) => each.holderOf(At.linkage_name)?.text(At.linkage_name) === symbol)) ??
      named.find((each) => qualifiedName(each) === name);
    return found && rangesOf(found)[0]?.start;
  }

  /** The function whose symbol is at an address: where it starts, its call site included. */
  functionOf(symbol: bigint): Entry | undefined {
    const entry = this.entries.functionFrom(symbol, symbol + largestCallSite);
    const start = entry && rangesOf(entry).find((range) => range.start >= symbol)?.start;
    return start !== undefined && this.symbols.functionAt(start)?.address === symbol ? entry : undefined;
  }

  /** The parameters of a function, in order. `symbol` is where it starts, its call site included. */
  parametersOf(symbol: bigint): readonly Entry[] {
    const entry = this.functionOf(symbol);
    return entry ? entry.children.filter(({ tag }) => tag === Tag.formal_parameter) : [];
  }

  /** The innermost block of a function that an address is in. */
  blockAt(address: bigint): Entry | undefined {
    return blocksAt(this.entries.functionAt(address), address).at(-1);
  }

  /** Whether the variables of the function at an address can be shown before its prologue is done. */
  isKnownInPrologue(address: bigint): boolean {
    const entry = this.entries.functionAt(address);
    return entry !== undefined && blockFacts(entry.unit).hasValidLocations;
  }

  /** The inlined calls that an address is in, from the outside in. */
  inlinedAt(address: bigint): readonly Entry[] {
    return blocksAt(this.entries.functionAt(address), address).filter(({ tag }) => tag === Tag.inlined_subroutine);
  }

  /** How many of those start at the address: a debugger has not entered them yet. */
  inlinedFrom(address: bigint): number {
    const starting = this.inlinedAt(address).toReversed();
    const first = starting.findIndex((entry) => !startsAt(entry, address));
    return first < 0 ? starting.length : first;
  }

  /** Where an inlined function was called. */
  callPlace(inlined: Entry): SourcePlace | undefined {
    return this.place(inlined, At.call_file, At.call_line, At.call_column);
  }

  /** Where a function or variable is declared. */
  declarationPlace(entry: Entry): SourcePlace | undefined {
    const holder = entry.holderOf(At.decl_line);
    return holder && this.place(holder, At.decl_file, At.decl_line, declarationColumn);
  }

  /** The entry that says where a declared variable is: the declaration itself, if that does, or the definition that completes it. */
  definitionOf(declaration: Entry): Entry | undefined {
    if (this.isDefined(declaration)) return declaration;
    const name = qualifiedName(declaration);
    const named = this.entries.named(declaration.fullName ?? '').filter((each) => each.tag === Tag.variable && this.isDefined(each));
    return named.find((each) => each.origin === declaration) ?? named.find((each) => qualifiedName(each) === name);
  }

  /** Where the symbol of a variable is that no unit defines, as those of a library without debug information. */
  declaredAt(declaration: Entry): bigint | undefined {
    if (declaration.tag !== Tag.variable || !declaration.flag(At.external)) return undefined;
    const symbol = this.symbols.named(linkageName(declaration) ?? declaration.fullName ?? '');
    return symbol && symbol.kind !== 'function' ? symbol.address : undefined;
  }

  /** Variables of the unit that lie outside of functions, each name once. */
  globalsOf(entry: Entry): readonly Entry[] {
    const found = new Map<string, Entry>();
    const pending: Entry[] = orNothing(() => [...entry.unit.tree.children]) ?? [];
    for (let index = 0; index < pending.length; index++) {
      const each = pending[index]!;
      if (each.tag === Tag.namespace) pending.push(...each.children);
      if (each.tag !== Tag.variable || !this.isDefined(each)) continue;
      const name = qualifiedName(each);
      if (name !== undefined && !found.has(name)) found.set(name, each);
    }
    return [...found.values()];
  }

  private place(entry: Entry, file: number, line: number, column: number): SourcePlace | undefined {
    return orNothing(() => {
      const path = this.files.path(entry.unit, entry.number(file) ?? -1);
      return path === undefined ? undefined : { path, line: entry.number(line) ?? 0, column: entry.number(column) ?? 0 };
    });
  }
}

/** Whether a function has that name, which may leave out C++ scopes and, as a whole, the arguments of templates. */
function isNamed(entry: Entry, name: string): boolean {
  const full = qualifiedName(entry) ?? '';
  const text = name.includes('<') || full.includes('operator') ? full : withoutTemplateArguments(full);
  return text === name || text.endsWith(`::${name}`);
}

function withoutTemplateArguments(name: string): string {
  let text = name;
  for (let before = ''; before !== text; ) {
    before = text;
    text = text.replace(/<[^<>]*>/g, '');
  }
  return text;
}

/** Instances of one template that a breakpoint goes on. */
const mostInstances = 1000;

/**
 * As gdb has it, whatever DW_AT_entry_pc says: the first of the ranges starts there or, in a unit of which some block has several, the
 * code before it is outside of the block (inline-frame.c, `block_starting_point_at`).
 */
function startsAt(entry: Entry, address: bigint): boolean {
  const ranges = rangesOf(entry);
  if (ranges[0]?.start === address) return true;
  return contains(ranges, address) && !contains(ranges, address - 1n) && blockFacts(entry.unit).hasSplitBlocks;
}

/** GCC starts a function's code after its call site: nops of at most so many bytes. */
const largestCallSite = 64n;
const declarationColumn = 0x39;
