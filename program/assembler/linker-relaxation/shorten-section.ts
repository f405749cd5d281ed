import { encode } from '../../../riscv/encode';
import type { Fixup, FixupKind } from '../fixups';
import { addressOf, type OutputSection, pageSize } from '../output-sections';
import { offsetOf, placeFragments } from '../relax';
import type { Pointers } from '../relocate';
import type { CutFragment, Section } from '../section';
import { type Target, targetOf, upperPartOf } from './target';

/** What the decisions about a section need to know of the whole program. */
export interface Surroundings extends Pointers {
  readonly outputOf: ReadonlyMap<Section, OutputSection>;
  /** The sections whose instructions may become compressed ones. */
  readonly mayCompress: ReadonlySet<Section>;
  /** Of all sections, in bytes: how much padding may still move them apart. */
  readonly largestAlignment: number;
}

/**
 * Shortens the instructions of a section whose targets are near by the addresses as they are now. All decisions are made before the first byte
 * is taken away. Whether there was any.
 */
export function shortenSection(section: Section, surroundings: Surroundings): boolean {
  if (!section.fixups.some(({ relaxable }) => relaxable !== undefined)) return false;
  const shortener = new Shortener(section, surroundings);
  section.fixups = section.fixups.flatMap((fixup) => (fixup.relaxable === undefined ? fixup : shortener.relaxed(fixup, fixup.relaxable)));
  for (const { cut, size } of shortener.cuts) cut.size = -size;
  if (shortener.cuts.length > 0) placeFragments(section);
  return shortener.cuts.length > 0;
}

/** The rules, from bfd/elfnn-riscv.c of binutils 2.40: _bfd_riscv_relax_call, _relax_lui, _relax_pc and _relax_tls_le. */
class Shortener {
  readonly cuts: { readonly cut: CutFragment; readonly size: number }[] = [];
  /** The upper parts that this walk has removed, by their offsets. */
  private readonly removed = new Map<number, { readonly fixup: Fixup; readonly target: Target }>();

  constructor(
    private readonly section: Section,
    private readonly surroundings: Surroundings,
  ) {}

  /** What becomes of a fixup: itself, another one, or none where its instruction goes. */
  relaxed(fixup: Fixup, relaxable: CutFragment | true): Fixup | readonly Fixup[] {
    const { kind } = fixup;
    if (kind.startsWith('pcrel_lo12')) return this.lowerPart(fixup);
    const target = targetOf(fixup);
    if (!target) return fixup;
    if (relaxable === true) {
      if (kind.startsWith('tprel')) this.takeThreadPointer(fixup, target);
      return kind.startsWith('lo12') && this.isNear(target) ? this.fromNear(fixup, target) : fixup;
    }
    switch (kind) {
      case 'call':
        return target.isMissing ? fixup : this.call(fixup, relaxable, target);
      case 'hi20':
        return this.upper(fixup, relaxable, target);
      case 'tprel_hi20':
      case 'tprel_add':
        return this.isNearThread(target) ? this.remove(relaxable) : fixup;
      case 'pcrel_hi20':
        if (!this.isNearAndSteady(target)) return fixup;
        this.removed.set(offsetOf(fixup.place), { fixup, target });
        return this.remove(relaxable);
      default:
        return this.isNearAndSteady(target) ? this.pair(fixup, relaxable, target) : fixup;
    }
  }

  /** `auipc` and `jalr` become `c.j`, `jal`, or a `jalr` from x0. */
  private call(fixup: Fixup, cut: CutFragment, { address, section }: Target): Fixup {
    const { outputOf, mayCompress } = this.surroundings;
    const { fixed } = this.section;
    const at = fixup.place.offset;
    let distance = BigInt.asIntN(64, address - addressOf(fixup.place));
    if (fits(distance, jumpBits) && distance % 2n === 0n) {
      const output = section && outputOf.get(section);
      const alignment = BigInt(
        output && output === outputOf.get(this.section) ? alignmentOf(output) : Math.max(smallest, this.surroundings.largestAlignment),
      );
      distance += distance < 0n ? -alignment : alignment;
    }
    const reaches = fits(distance, jumpBits) && distance % 2n === 0n;
    if (!reaches && !fits(address, immediateBits)) return fixup;
    const rd = (fixed.get32(at + 4) >>> 7) & 31;
    if (rd === 0 && reaches && fits(distance, compressedJumpBits) && mayCompress.has(this.section)) {
      fixed.set16(at, compressedJump);
      this.cuts.push({ cut, size: 6 });
      return plain(fixup, 'c.jump');
    }
    fixed.set32(at, encode(reaches ? 'jal' : 'jalr', { rd, rs1: 0, immediate: 0 }));
    this.cuts.push({ cut, size: 4 });
    return plain(fixup, reaches ? 'jump' : 'lo12_i');
  }

  /** A `lui` goes where the lower part alone is enough, or becomes `c.lui`. */
  private upper(fixup: Fixup, cut: CutFragment, target: Target): Fixup | readonly Fixup[] {
    if (this.isNear(target)) return this.remove(cut);
    const { fixed } = this.section;
    const at = fixup.place.offset;
    const rd = (fixed.get32(at) >>> 7) & 31;
    const high = BigInt.asIntN(64, target.address + 0x800n) & -0x1000n;
    const isShort = (value: bigint) => value !== 0n && fits(value, compressedUpperBits);
    if (!this.surroundings.mayCompress.has(this.section) || !isShort(high) || !isShort(high + BigInt(pageSize))) return fixup;
    if (rd === 0 || rd === stackPointer) return fixup;
    fixed.set16(at, compressedUpper | (rd << 7));
    this.cuts.push({ cut, size: 2 });
    return plain(fixup, 'c.lui');
  }

  /** An `auipc` with the instruction after it: the second stays. */
  private pair(fixup: Fixup, cut: CutFragment, target: Target): Fixup {
    this.cuts.push({ cut, size: 4 });
    const { fragment, offset } = fixup.place;
    const place = { section: this.section, fragment: fragment + 1, offset: offset + 4 };
    return this.fromNear({ ...fixup, place, kind: fixup.kind === 'pair_s' ? 'lo12_s' : 'lo12_i' }, target);
  }

  private lowerPart(fixup: Fixup): Fixup {
    const place = upperPartOf(fixup);
    const upper = place?.section === this.section ? this.removed.get(offsetOf(place)) : undefined;
    if (!upper) return fixup;
    const { expression } = upper.fixup;
    return this.fromNear({ ...fixup, kind: fixup.kind === 'pcrel_lo12_s' ? 'lo12_s' : 'lo12_i', expression }, upper.target);
  }

  /** The lower part from `gp` or `x0`; for a symbol that is not there it is the whole address. */
  private fromNear(fixup: Fixup, { isMissing }: Target): Fixup {
    if (!isMissing) return plain(fixup, fixup.kind === 'lo12_s' ? 'gprel_s' : 'gprel_i');
    const { fixed } = this.section;
    fixed.set32(fixup.place.offset, withBase(fixed.get32(fixup.place.offset), 0));
    return plain(fixup, fixup.kind);
  }

  private takeThreadPointer({ place }: Fixup, target: Target): void {
    const { fixed } = this.section;
    if (this.isNearThread(target)) fixed.set32(place.offset, withBase(fixed.get32(place.offset), threadPointer));
  }

  private remove(cut: CutFragment): readonly Fixup[] {
    this.cuts.push({ cut, size: 4 });
    return [];
  }

  private isNearThread({ address }: Target): boolean {
    return fits(address - this.surroundings.threadStart, immediateBits);
  }

  private isNearAndSteady(target: Target): boolean {
    return !target.isUnsteady && this.isNear(target);
  }

  /** Whether the whole target will be in reach of `gp`, or its start of `x0`, however padding still moves things. */
  private isNear({ address, isMissing, size }: Target): boolean {
    const { globalPointer, largestAlignment } = this.surroundings;
    if (isMissing || fits(address, immediateBits)) return true;
    const room = BigInt(Math.max(smallest, largestAlignment)) + size;
    const distance = address - globalPointer;
    return fits(distance < 0n ? distance - room : distance + room, immediateBits);
  }
}

const [immediateBits, jumpBits, compressedJumpBits, compressedUpperBits] = [12, 21, 12, 18];

/** Code is aligned to this at least, also where it may not be compressed. */
const smallest = 2;
const stackPointer = 2;
const threadPointer = 4;
const compressedJump = encode('c.j', { immediate: 0 });
const compressedUpper = 0x6001;

/** Whether a value is one of that many bits with a sign. */
function fits(value: bigint, bits: number): boolean {
  return BigInt.asIntN(bits, value) === value;
}

function alignmentOf({ inputs }: OutputSection): number {
  return inputs.reduce((largest, { section }) => Math.max(largest, section.alignment), smallest);
}

function withBase(word: number, rs1: number): number {
  return (word & ~(0x1f << 15)) | (rs1 << 15);
}

/** The fixup as another kind, with which relaxation is done. */
function plain({ place, size, expression, span }: Fixup, kind: FixupKind): Fixup {
  return { kind, place, size, expression, span };
}
