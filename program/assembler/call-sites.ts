import { debugPlace, type Span } from './diagnostics';
import type { Expression } from './expression';
import { type AlignFragment, type CallSiteFragment, type Place, Section, SHF_ALLOC, SHF_WRITE, SHT_PROGBITS } from './section';
import type { AssemblySymbol } from './symbols';

/** The sections that compilers list call sites in, one 8-byte address each. */
export const patchableSection = '__patchable_function_entries';

/** `nop` in 4 bytes: a call site is two of them, so that one aligned 4-byte store can turn the second into a jump. */
const callSiteSize = 8;

/** What stands before a function where code runs on into it: a jump over the ops pointer, and a nop. */
const jumpOverSize = 8;

interface Candidate {
  readonly symbol: AssemblySymbol;
  readonly padding: AlignFragment;
  /** The room before the function, for the ops pointer of a model that keeps it there. */
  readonly lead: CallSiteFragment;
  /** The code before does not end in a jump: it may run on into the function. */
  readonly isRunInto: boolean;
  readonly site: CallSiteFragment;
  /** Where the label is when it is a function: after the padding, before the site. */
  readonly place: Place;
  /** The label just before, if nothing is between. */
  readonly before: Candidate | undefined;
}

/** Finds the names that `.type` makes functions in a text; a name with `\\` is a macro's argument and may be any. */
const functionTypes = /\.type\s+([^\s,]+)\s*,?\s*[@%"]?(?:function|STT_FUNC)\b/gi;

/**
 * Room for the call sites of one source. Whether a label is a function may be said after it, so every label of code that could be
 * one gets empty room, and `settle` fills the room of functions. Two functions at one place share a call site. A label of another kind
 * right after a function's comes after the call site; a branch back to the function's own name runs its call site again, as a call does.
 */
export class CallSiteCandidates {
  private readonly possible: ReadonlySet<string>;
  private readonly anyIsPossible: boolean;
  /** The places of all call sites with the lines of their labels, in the order of the source. */
  readonly placed: { readonly place: Place; readonly path: string; readonly line: number }[] = [];
  private readonly candidates: Candidate[] = [];
  private readonly last = new Map<Section, Candidate>();

  /** `isPreprocessed` says whether the C preprocessor goes over the text, whose macros may then make any name a function. */
  constructor(
    text: string,
    isPreprocessed: boolean,
    readonly leadSize: 0 | 8,
  ) {
    this.possible = new Set([...text.matchAll(functionTypes)].map((match) => match[1]!.replaceAll('"', '')));
    this.anyIsPossible = (isPreprocessed && text.includes('define')) || [...this.possible].some((name) => name.includes('\\'));
  }

  /** Where the label is; undefined when it cannot have a call site. */
  place(section: Section, symbol: AssemblySymbol, span: Span): Place | undefined {
    if (!section.isCode || !(this.possible.has(symbol.name) || (this.anyIsPossible && !symbol.isTemporary))) return undefined;
    const last = this.last.get(section);
    const isNextTo = last && section.fragments.length === last.place.fragment + 1 && section.fixed.length === last.place.offset;
    const offset = section.fixed.length;
    const padding: AlignFragment = {
      kind: 'align',
      offset,
      size: 0,
      span,
      alignment: 8,
      most: 8,
      fill: 'nops',
      reserved: 6,
      active: false,
    };
    const site: CallSiteFragment = { kind: 'call site', offset, size: 0, span };
    const lead: CallSiteFragment = { kind: 'call site', offset, size: 0, span };
    const isRunInto = mayRunOn(section);
    section.fragments.push(padding, lead);
    const place = section.here();
    section.fragments.push(site);
    const candidate = { symbol, padding, lead, isRunInto, site, place, before: isNextTo ? last : undefined };
    this.candidates.push(candidate);
    this.last.set(section, candidate);
    return place;
  }

  /** Gives every function its call site. A source whose compiler has placed them already gets none. */
  settle(sections: Iterable<Section>): void {
    for (const section of sections) if (section.name === patchableSection) return;
    const shares = new Map<Candidate, Place>();
    for (const candidate of this.candidates) {
      const { symbol, padding, lead, site, place, before } = candidate;
      const shared = before && shares.get(before);
      if (shared) shares.set(candidate, shared);
      if (symbol.type !== 'function') continue;
      if (shared) {
        symbol.definition = shared;
        continue;
      }
      shares.set(candidate, place);
      padding.active = true;
      site.size = callSiteSize;
      if (this.leadSize > 0) {
        lead.jumpsOver = candidate.isRunInto;
        lead.size = this.leadSize + (candidate.isRunInto ? jumpOverSize : 0);
      }
      place.section.align(padding.alignment);
      const { path, line } = debugPlace(padding.span);
      this.placed.push({ place, path, line });
    }
  }
}

/** Whether the code at the end of a section may run on into what comes next: it does not end in a jump or a return. */
function mayRunOn(section: Section): boolean {
  const { fixed } = section;
  const last = section.fragments.at(-1);
  if (section.contents.at(-1)?.kind === 'data' || (fixed.length === 0 && !last)) return false;
  if (last?.kind === 'branch' && last.offset === fixed.length) return !(last.isJump && (last.word & linkBits) === 0);
  const word = lastInstruction(fixed.bytes);
  return !(isJump(word) || isCompressedJump(word >>> 16));
}

/** The destination of a jump, where the return address goes. */
const linkBits = 0x1f << 7;

function lastInstruction(bytes: Uint8Array): number {
  const [low, high] = [bytes.length - 4, bytes.length - 2].map((at) => (at >= 0 ? bytes[at]! | (bytes[at + 1]! << 8) : 0));
  return (low! | (high! << 16)) >>> 0;
}

/** `jal zero` or `jalr zero`. */
function isJump(word: number): boolean {
  return (word & 0xfff) === 0x6f || (word & 0x7fff) === 0x67;
}

/** `c.j` or `c.jr`. */
function isCompressedJump(half: number): boolean {
  return (half & 0xe003) === 0xa001 || ((half & 0xf07f) === 0x8002 && half !== 0x8002);
}

/** One section with the address of every call site of all sources, less the room before it, flagged as compilers flag it: allocated and writable. */
export function patchableEntries(
  sources: readonly { readonly callSites: CallSiteCandidates | undefined; readonly span: Span }[],
): Section[] {
  const section = new Section(patchableSection, { type: SHT_PROGBITS, flags: SHF_ALLOC | SHF_WRITE, entrySize: 0 });
  section.align(8);
  for (const { callSites, span } of sources) {
    for (const { place } of callSites?.placed ?? []) {
      const offset: Expression = { kind: 'constant', value: BigInt(callSites!.leadSize) };
      const expression: Expression = { kind: 'binary', operator: '-', left: { kind: 'place', place }, right: offset, span };
      section.fixups.push({ kind: 'data', place: section.here(), size: 8, expression, span });
      section.fixed.skip(8);
    }
  }
  return section.fixed.length > 0 ? [section] : [];
}
