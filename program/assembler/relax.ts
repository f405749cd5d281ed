import { SourceError } from './diagnostics';
import { type Distance, evaluate, type Value } from './evaluate';
import { encodeLeb128 } from './leb128';
import type { AlignFragment, BranchFragment, Place, Section, SpaceFragment, VariableFragment } from './section';
import { AssemblySymbol, isPlace } from './symbols';

/** Bytes that a branch, `c.j` and `c.beqz` reach in both directions together. */
const branchReach = 0x2000;
const compressedJumpReach = 0x1000;
const compressedBranchReach = 0x200;

/**
 * Settles the size of every variable fragment of a section as GNU as does (write.c, relax_segment; tc-riscv.c,
 * relaxed_branch_length): a first pass over the fragments with the labels ahead taken to be at the start, then passes until nothing
 * changes. Padding that the linker may take back counts with all its bytes meanwhile. Problems go to `report`.
 */
export function relax(section: Section, report: (error: SourceError) => void): void {
  const { fragments } = section;
  const starts = new Array<number>(fragments.length + 1).fill(0);
  section.starts = starts;
  const attempt = (fragment: VariableFragment, at: number) => {
    try {
      return sizeOf(fragment, at, section);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      report(error);
      return fragment.size;
    }
  };
  const runs = new Int32Array(fragments.length);
  const sizes = new Float64Array(fragments.length);
  for (let index = 0; index < fragments.length; index++) runs[index] = fragments[index]!.offset - (fragments[index - 1]?.offset ?? 0);
  const targets = new SimpleTargets(section);
  let address = 0;
  for (let index = 0; index < fragments.length; index++) {
    const fragment = fragments[index]!;
    starts[index] = address;
    const end = address + runs[index]!;
    const simple = targets.lengthOf(index, end);
    const size = simple === undefined ? attempt(fragment, end) : simple;
    fragment.size = sizes[index] = size;
    address = end + size;
  }
  starts[fragments.length] = address;
  const mostPasses = 2 * fragments.length + 10;
  for (let pass = 0, changed = true; changed; pass++) {
    if (pass > mostPasses) {
      report(
        new SourceError(
          fragments[0]!.span,
          `the sizes of what '${section.name}' holds from here on depend on each other and do not settle`,
        ),
      );
      return;
    }
    changed = false;
    let stretch = 0;
    for (let index = 0; index < fragments.length; index++) {
      starts[index]! += stretch;
      const end = starts[index]! + runs[index]!;
      const simple = targets.lengthOf(index, end);
      const size = simple === undefined ? attempt(fragments[index]!, end) : simple;
      if (size === sizes[index]) continue;
      stretch += size - sizes[index]!;
      fragments[index]!.size = sizes[index] = size;
      changed = true;
    }
    starts[fragments.length]! += stretch;
  }
}

/** The branches of a section to labels of the same section, which are nearly all that it has, in numbers that each pass can read quickly. */
class SimpleTargets {
  /** For each fragment the one before which its target is, -1 where it is no such branch. */
  private readonly fragments: Int32Array;
  /** The bytes from the start of the run of the target to the target. */
  private readonly deltas: Int32Array;
  /** The reach of the compressed form, 0 where there is none, and the longest form. */
  private readonly reaches: Int16Array;
  private readonly longest: Uint8Array;

  constructor(private readonly section: Section) {
    const { fragments } = section;
    this.fragments = new Int32Array(fragments.length).fill(-1);
    this.deltas = new Int32Array(fragments.length);
    this.reaches = new Int16Array(fragments.length);
    this.longest = new Uint8Array(fragments.length);
    for (let index = 0; index < fragments.length; index++) {
      const fragment = fragments[index]!;
      if (fragment.kind !== 'branch' || fragment.target.kind !== 'symbol') continue;
      const { definition, binding } = fragment.target.symbol;
      if (!definition || !isPlace(definition) || definition.section !== section || binding === 'weak') continue;
      this.fragments[index] = definition.fragment;
      this.deltas[index] = definition.offset - (fragments[definition.fragment - 1]?.offset ?? 0);
      this.reaches[index] = fragment.short !== 0 ? (fragment.isJump ? compressedJumpReach : compressedBranchReach) : 0;
      this.longest[index] = fragment.isJump ? 4 : fragment.short !== 0 ? 6 : 8;
    }
  }

  /** The length of the branch of a fragment that is at an offset; undefined where it is no such branch. */
  lengthOf(index: number, at: number): number | undefined {
    const target = this.fragments[index]!;
    if (target < 0) return undefined;
    const distance = this.section.starts[target]! + this.deltas[index]! - at;
    const reach = this.reaches[index]! / 2;
    if (distance >= -reach && distance < reach) return 2;
    if (distance >= -branchReach / 2 && distance < branchReach / 2) return 4;
    return this.longest[index]!;
  }
}

/** Gives padding its final size, now that what is before it has its own: what was reserved too much is taken back. */
export function takeBackPadding(section: Section): void {
  placeFragments(section, true);
}

/** Places everything in a section anew by the sizes as they are now. */
export function placeFragments(section: Section, isPaddingFinal = false): void {
  const { fragments, starts } = section;
  let address = 0;
  let from = 0;
  for (let index = 0; index < fragments.length; index++) {
    const fragment = fragments[index]!;
    starts[index] = address;
    const end = address + fragment.offset - from;
    from = fragment.offset;
    if (isPaddingFinal && fragment.kind === 'align' && fragment.reserved !== undefined && fragment.active)
      fragment.size = padding(end, fragment.alignment);
    address = end + fragment.size;
  }
  starts[fragments.length] = address;
}

/** Bytes from the start of the section to a place, by the sizes as they are now. */
export function offsetOf({ section, fragment, offset }: Place): number {
  return offsetAt(section, fragment, offset);
}

/** The same for the numbers of a place. */
export function offsetAt({ starts, fragments }: Section, fragment: number, offset: number): number {
  return fragment === 0 ? starts[0]! + offset : starts[fragment]! + offset - fragments[fragment - 1]!.offset;
}

/** The size of a section in bytes. */
export function sizeOfSection(section: Section): number {
  return offsetOf(section.here());
}

/** Distances inside one section, by the sizes as they are now. */
export const distanceInSection: Distance = (from, to) => (from.section === to.section ? BigInt(offsetOf(to) - offsetOf(from)) : undefined);

/** The offset at which the fixed bytes before a fragment end and the fragment begins. */
function endOfRun(section: Section, index: number): number {
  return offsetAt(section, index, section.fragments[index]!.offset);
}

function sizeOf(fragment: VariableFragment, at: number, section: Section): number {
  switch (fragment.kind) {
    case 'branch':
      return branchLength(fragment, at, section);
    case 'align':
      return alignSize(fragment, at);
    case 'space':
      return fragment.wanted ? spaceSize(fragment, fragment.wanted, at, section) : fragment.size;
    case 'leb128': {
      const value = evaluate(fragment.expression, distanceInSection);
      if (!value || value.base) throw new SourceError(fragment.span, 'a LEB128 number cannot be an address');
      return Math.max(fragment.size, encodeLeb128(value.offset, fragment.isSigned).length);
    }
    case 'call site':
    case 'cut':
      return fragment.size;
  }
}

function branchLength({ target, short, isJump, size }: BranchFragment, at: number, section: Section): number {
  const longest = isJump ? 4 : 8;
  const length = (distance: number) => {
    const reach = isJump ? compressedJumpReach : compressedBranchReach;
    if (short !== 0 && distance >= -reach / 2 && distance < reach / 2) return 2;
    if (distance >= -branchReach / 2 && distance < branchReach / 2) return 4;
    return short !== 0 && !isJump ? 6 : longest;
  };
  let value: Value | undefined;
  try {
    value = evaluate(target, distanceInSection);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    // The target is evaluated again when the branch is written, and the error reported there.
    return size || longest;
  }
  const base = value?.base;
  if (!value || !base || base instanceof AssemblySymbol || base.section !== section || isWeak(target)) return longest;
  return length(offsetOf(base) + Number(value.offset) - at);
}

/** GNU as leaves a branch to a weak symbol to the linker, which may find another definition. */
function isWeak(target: BranchFragment['target']): boolean {
  return target.kind === 'symbol' ? target.symbol.binding === 'weak' : target.kind === 'binary' && isWeak(target.left);
}

function alignSize({ alignment, most, reserved, active }: AlignFragment, at: number): number {
  if (!active) return 0;
  if (reserved !== undefined) return reserved;
  const size = padding(at, alignment);
  return size > most ? 0 : size;
}

function padding(at: number, alignment: number): number {
  return (alignment - (at % alignment)) % alignment;
}

function spaceSize(fragment: SpaceFragment, wanted: NonNullable<SpaceFragment['wanted']>, at: number, section: Section): number {
  const value = evaluate(wanted.expression, distanceInSection);
  const { span } = fragment;
  if (!value) throw new SourceError(span, 'this size needs a distance between two sections, which is not known yet');
  if (!wanted.isOrigin) {
    if (value.base) throw new SourceError(span, 'this size must be a number, not an address');
    return checked(value.offset * BigInt(wanted.unit), span);
  }
  const { base } = value;
  if (base instanceof AssemblySymbol || (base && base.section !== section))
    throw new SourceError(span, `.org can only move inside '${section.name}'`);
  const target = value.offset + BigInt(base ? offsetOf(base) : 0);
  if (target < at) {
    // A later pass may still move the target forward; the final check is in `checkOrigins`.
    return 0;
  }
  return checked(target - BigInt(at), span);
}

/** More bytes than this in one place are an error. */
const most = 2n ** 31n;

function checked(size: bigint, span: SpaceFragment['span']): number {
  if (size < 0n) throw new SourceError(span, `the size ${size} is negative`);
  if (size > most) throw new SourceError(span, `${size} bytes are more than the limit of ${most}`);
  return Number(size);
}

/** Reports each `.org` whose place was already passed. */
export function checkOrigins(section: Section, report: (error: SourceError) => void): void {
  const { fragments } = section;
  for (let index = 0; index < fragments.length; index++) {
    const fragment = fragments[index]!;
    if (fragment.kind !== 'space' || !fragment.wanted?.isOrigin) continue;
    const value = evaluate(fragment.wanted.expression, distanceInSection);
    const base = value?.base;
    if (!value || base instanceof AssemblySymbol) continue;
    if (Number(value.offset) + (base ? offsetOf(base) : 0) < endOfRun(section, index)) {
      report(new SourceError(fragment.span, '.org cannot move backwards'));
    }
  }
}
