import type { Span } from './diagnostics';
import type { Expression } from './expression';
import type { CutFragment, Place } from './section';

/**
 * What is put into bytes once the addresses are known; the names are those of the psABI's relocations in lower case. `data` is a
 * plain number of 1 to 8 bytes, `immediate` one in an instruction. `call` and `pair` are two instructions, an auipc and one that
 * adds the lower part of the distance from the auipc; `got_pair` reads the address from the global offset table. `branch`, `jump` and their `c.` forms are
 * distances in instructions of fixed length; those with `tls`, `tprel` and `dtprel` are about offsets in a thread's memory.
 * `gprel` and `c.lui` are made by linker relaxation: a lower part whose base register becomes `gp` or `x0`, an upper part in 2 bytes.
 * `advance` is the distance in a DW_CFA_advance_loc.
 */
export type FixupKind =
  | 'hi20'
  | 'lo12_i'
  | 'lo12_s'
  | 'pcrel_hi20'
  | 'pcrel_lo12_i'
  | 'pcrel_lo12_s'
  | 'got_hi20'
  | 'immediate_i'
  | 'immediate_s'
  | 'call'
  | 'pair_i'
  | 'pair_s'
  | 'got_pair'
  | 'branch'
  | 'jump'
  | 'c.branch'
  | 'c.jump'
  | 'tprel_hi20'
  | 'tprel_lo12_i'
  | 'tprel_lo12_s'
  | 'tprel_add'
  | 'gprel_i'
  | 'gprel_s'
  | 'c.lui'
  | 'advance'
  | 'tls_got_hi20'
  | 'tls_gd_hi20'
  | 'tls_got_pair'
  | 'tls_gd_pair'
  | 'tprel'
  | 'dtprel'
  | 'data';

/** A field of an instruction, or a datum, that waits for an address. */
export interface Fixup {
  readonly kind: FixupKind;
  readonly place: Place;
  /** Bytes of a datum; 0 for instructions. */
  readonly size: number;
  /** For `pcrel_lo12` it is the place of the auipc whose low part is wanted. */
  readonly expression: Expression;
  readonly span: Span;
  /** Set where linker relaxation may change the instruction: to the fragment that takes bytes of it away, or to true where it has none. */
  readonly relaxable?: CutFragment | true;
}
