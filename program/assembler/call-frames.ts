import { SourceError, type Span } from './diagnostics';
import type { Expression } from './expression';
import type { Place } from './section';
import type { AssemblySymbol } from './symbols';

/** One instruction of a frame description: from this place on, this holds. */
export interface FrameStep {
  readonly at: Place;
  /** The bytes of the DWARF call frame instructions. */
  readonly bytes: Uint8Array;
  /** An address behind the bytes. */
  readonly address?: EncodedAddress;
  /** The symbol that stands for the place of the step in `.eh_frame` (`.cfi_label`). */
  readonly label?: AssemblySymbol;
  /** It is the function's own also where it stands at its start: what others at the start are, functions may share. */
  readonly isOwn: boolean;
}

/** Data alignment factor, as GNU as has it for this machine: the offsets of saved registers are multiples of it. */
export const dataAlignment = -4n;

/** An address with how it is written (DW_EH_PE). */
export interface EncodedAddress {
  readonly encoding: number;
  readonly expression: Expression;
}

/** What `.cfi_startproc` to `.cfi_endproc` say. */
export interface FrameDescription {
  readonly start: Place;
  end: Place | undefined;
  readonly isSimple: boolean;
  readonly steps: FrameStep[];
  readonly span: Span;
  /** The CFA's offset from its register, for `.cfi_adjust_cfa_offset` and `.cfi_rel_offset`. */
  offset: bigint;
  returnColumn: number;
  isSignalFrame: boolean;
  /** For languages with exceptions: the routine that handles frames, and its data about this one. */
  personality: EncodedAddress | undefined;
  lsda: EncodedAddress | undefined;
}

/** The frame descriptions of one source, for `.debug_frame`. */
export class CallFrames {
  readonly all: FrameDescription[] = [];
  /** Whether they go to `.eh_frame`, as they do unless `.cfi_sections` says another. */
  inLoaded = true;
  private readonly remembered: bigint[] = [];

  /** The description that is open; throws where there is none. */
  current(span: Span): FrameDescription {
    const last = this.all.at(-1);
    if (!last || last.end) throw new SourceError(span, 'this needs a .cfi_startproc before it');
    return last;
  }

  begin(start: Place, isSimple: boolean, span: Span): void {
    const last = this.all.at(-1);
    if (last && !last.end) throw new SourceError(span, `the .cfi_startproc in line ${last.span.line} has no .cfi_endproc yet`);
    this.all.push({
      start,
      end: undefined,
      isSimple,
      steps: [],
      span,
      offset: 0n,
      returnColumn: 1,
      isSignalFrame: false,
      personality: undefined,
      lsda: undefined,
    });
  }

  finish(): void {
    const last = this.all.at(-1);
    if (last && !last.end) throw new SourceError(last.span, 'this .cfi_startproc has no .cfi_endproc');
  }

  remember(span: Span): void {
    this.remembered.push(this.current(span).offset);
  }

  restore(span: Span): void {
    const frame = this.current(span);
    const remembered = this.remembered.pop();
    if (remembered === undefined) throw new SourceError(span, '.cfi_restore_state without a .cfi_remember_state before it');
    frame.offset = remembered;
  }
}
