import { ByteBuffer } from './byte-buffer';
import type { Span } from './diagnostics';
import type { Expression } from './expression';
import type { Fixup } from './fixups';

/** What ELF says of a section; flags are those of sh_flags. */
export interface SectionAttributes {
  readonly type: number;
  readonly flags: number;
  readonly entrySize: number;
}

/** A point in a section that is known before the addresses are: after `fragment` variable fragments and `offset` fixed bytes. */
export interface Place {
  section: Section;
  fragment: number;
  offset: number;
}

interface VariableFragmentBase {
  /** The fixed bytes of the section that come before it. */
  offset: number;
  /** Its size in bytes, as far as known. */
  size: number;
  readonly span: Span;
}

/** A branch or jump to a label, whose length depends on the distance. */
export class BranchFragment implements VariableFragmentBase {
  readonly kind: 'branch';
  size: number;

  constructor(
    public offset: number,
    readonly span: Span,
    /** The instruction in 4 bytes; its immediate comes with the layout. */
    readonly word: number,
    /** The instruction in 2 bytes, 0 where it has no such form or may not use it. */
    readonly short: number,
    /** A jump, which is never made longer than 4 bytes. */
    readonly isJump: boolean,
    readonly target: Expression,
  ) {
    this.kind = 'branch';
    this.size = 0;
  }
}

/** Padding up to a multiple of `alignment`. */
export interface AlignFragment extends VariableFragmentBase {
  readonly kind: 'align';
  readonly alignment: number;
  /** The most bytes it may take; with more needed it takes none. */
  readonly most: number;
  /** The bytes that are repeated. */
  fill: Uint8Array | 'nops';
  /** As with linker relaxation: GNU as reserves this many bytes and the linker takes back what is too much. */
  readonly reserved: number | undefined;
  /** Whether it is there at all; padding before a call site is decided at the end of the source. */
  active: boolean;
}

/** As many copies of `pattern` as `size` says (`.fill`, `.skip`), or as are needed to reach an address (`.org`). */
export interface SpaceFragment extends VariableFragmentBase {
  readonly kind: 'space';
  readonly pattern: Uint8Array;
  /** The size in bytes, or for `.org` the place to reach; undefined when `size` is final. */
  readonly wanted: { readonly expression: Expression; readonly isOrigin: boolean; readonly unit: number } | undefined;
}

/** A number in LEB128, as long as it needs to be. */
export interface Leb128Fragment extends VariableFragmentBase {
  readonly kind: 'leb128';
  readonly expression: Expression;
  readonly isSigned: boolean;
}

/** The two nops of a call site, or those before it. */
export interface CallSiteFragment extends VariableFragmentBase {
  readonly kind: 'call site';
  /** Its first instruction is a jump to its end. */
  jumpsOver?: boolean;
}

/** The end of an instruction that linker relaxation may shorten or remove: its size is 0, or less by the bytes that are taken away. */
export interface CutFragment extends VariableFragmentBase {
  readonly kind: 'cut';
}

export type VariableFragment = BranchFragment | AlignFragment | SpaceFragment | Leb128Fragment | CallSiteFragment | CutFragment;

export const SHT_PROGBITS = 1;
export const SHT_NOBITS = 8;
export const SHF_WRITE = 1;
export const SHF_ALLOC = 2;
export const SHF_EXECINSTR = 4;
export const SHF_TLS = 0x400;

/** A name that no source can give a section. */
export const absoluteName = '*ABS*';

/** A section of one source: fixed bytes, and between them variable fragments whose sizes are settled later. */
export class Section {
  readonly fixed: ByteBuffer;
  readonly fragments: VariableFragment[] = [];
  fixups: Fixup[] = [];
  /** Where code and data begin, for the mapping symbols. */
  readonly contents: { readonly place: Place; readonly kind: 'code' | 'data' }[] = [];
  alignment = 1;
  /** For each run of fixed bytes between fragments its offset in the section; set by the layout. */
  starts: number[] = [];
  /** Whether a symbol is defined in it. */
  isReferenced = false;
  /** Set by the linker. */
  address = 0n;
  /** The places in it that were given out, kept where it is a subsection and they will move. */
  private readonly places: Place[] | undefined;

  /** `number` is that of a subsection, 0 for the section itself. */
  constructor(
    readonly name: string,
    readonly attributes: SectionAttributes,
    readonly number = 0,
  ) {
    this.places = number === 0 ? undefined : [];
    this.fixed = new ByteBuffer(attributes.type !== SHT_NOBITS);
  }

  get isCode(): boolean {
    return (this.attributes.flags & SHF_EXECINSTR) !== 0;
  }

  /** Whether it is the section of `.struct`, whose labels are numbers and which is no part of the program. */
  get isAbsolute(): boolean {
    return this.name === absoluteName;
  }

  get hasBits(): boolean {
    return this.attributes.type !== SHT_NOBITS;
  }

  /** The place after all that is in the section. */
  here(): Place {
    const place = { section: this as Section, fragment: this.fragments.length, offset: this.fixed.length };
    this.places?.push(place);
    return place;
  }

  /** Takes all that is in a subsection to the end of this section, whose places those of the subsection become. */
  join(subsection: Section): void {
    const [fragments, bytes] = [this.fragments.length, this.fixed.length];
    for (const place of subsection.places ?? []) {
      place.section = this;
      place.fragment += fragments;
      place.offset += bytes;
    }
    for (const fragment of subsection.fragments) {
      fragment.offset += bytes;
      this.fragments.push(fragment);
    }
    for (const fixup of subsection.fixups) this.fixups.push(fixup);
    for (const content of subsection.contents) if (this.contents.at(-1)?.kind !== content.kind) this.contents.push(content);
    if (this.hasBits) this.fixed.append(subsection.fixed.bytes);
    else this.fixed.skip(subsection.fixed.length);
    this.align(subsection.alignment);
    this.isReferenced ||= subsection.isReferenced;
  }

  align(alignment: number): void {
    this.alignment = Math.max(this.alignment, alignment);
  }

  /** Notes that what follows is code or data. */
  begin(kind: 'code' | 'data'): void {
    if (this.contents.at(-1)?.kind === kind) return;
    this.contents.push({ place: this.here(), kind });
  }
}
