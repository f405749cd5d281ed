import { SourceError, type Span } from '../diagnostics';
import { evaluate, fixedDistance } from '../evaluate';
import { constant, type Expression } from '../expression';
import type { FixupKind } from '../fixups';
import { unknownName } from '../nearest-name';
import type { Place, Section } from '../section';
import type { SourceAssembler } from '../source-assembler';
import { AssemblySymbol } from '../symbols';
import { expectNone, type TokenReader } from '../token-reader';
import type { DirectiveTable } from './directive';

export const relocDirectives: DirectiveTable = { '.reloc': reloc };

/** A relocation that the source asks for by its name; its place may come later. */
export interface WrittenRelocation {
  readonly section: Section;
  readonly offset: Expression;
  readonly offsetSpan: Span;
  readonly kind: FixupKind;
  /** The bytes that it changes. */
  readonly size: number;
  readonly value: Expression;
  readonly span: Span;
}

/** `.reloc OFFSET, TYPE, VALUE`: what the linker does to the bytes at an offset in the section, or at a label (GNU as manual, section ".reloc"). */
function reloc(source: SourceAssembler, reader: TokenReader): void {
  const [offsetReader, typeReader, valueReader, ...more] = reader.operands();
  expectNone(more);
  if (!offsetReader || !typeReader) throw reader.failure('expected a place, a comma and the name of a relocation');
  const offsetSpan = offsetReader.span;
  const offset = source.expression(offsetReader);
  offsetReader.expectEnd();
  const { text: type, span } = typeReader.name('the name of a relocation such as R_RISCV_32');
  typeReader.expectEnd();
  const known = relocations[type.replace(/^R_RISCV_/, '')];
  if (known === undefined || !type.startsWith('R_RISCV_'))
    throw new SourceError(
      span,
      unknownName(
        'relocation',
        type,
        Object.keys(relocations).map((name) => `R_RISCV_${name}`),
      ),
    );
  const valueSpan = valueReader?.span ?? span;
  const value = valueReader ? source.expression(valueReader) : constant(0n);
  valueReader?.expectEnd();
  if (known === 'none') return;
  const [kind, size] = known;
  source.relocations.push({ section: source.section, offset, offsetSpan, kind, size, value, span: valueSpan });
}

/** Puts the relocation to its place, now that all labels are known. Throws SourceError. */
export function placeRelocation({ section, offset, offsetSpan, kind, size, value, span }: WrittenRelocation): void {
  const found = evaluate(offset, fixedDistance);
  const base = found?.base;
  if (!found || base instanceof AssemblySymbol) throw new SourceError(offsetSpan, 'this must be a number or a label of this source');
  const from = base ?? { section, fragment: 0, offset: 0 };
  const place: Place = { ...from, offset: from.offset + Number(found.offset) };
  if (place.offset < 0 || place.offset + size > place.section.fixed.length)
    throw new SourceError(offsetSpan, `'${place.section.name}' has no ${size} bytes there`);
  place.section.fixups.push({ kind, place, size: kind === 'data' || kind === 'dtprel' ? size : 0, expression: value, span });
}

/** What is done for each relocation of the psABI that a static link carries out alone; the bytes that it changes. */
const relocations: Readonly<Record<string, 'none' | readonly [FixupKind, number]>> = {
  NONE: 'none',
  RELAX: 'none',
  '32': ['data', 4],
  '64': ['data', 8],
  TLS_DTPREL32: ['dtprel', 4],
  TLS_DTPREL64: ['dtprel', 8],
  HI20: ['hi20', 4],
  LO12_I: ['lo12_i', 4],
  LO12_S: ['lo12_s', 4],
  PCREL_HI20: ['pcrel_hi20', 4],
  PCREL_LO12_I: ['pcrel_lo12_i', 4],
  PCREL_LO12_S: ['pcrel_lo12_s', 4],
  GOT_HI20: ['got_hi20', 4],
  TLS_GOT_HI20: ['tls_got_hi20', 4],
  TLS_GD_HI20: ['tls_gd_hi20', 4],
  TPREL_HI20: ['tprel_hi20', 4],
  TPREL_LO12_I: ['tprel_lo12_i', 4],
  TPREL_LO12_S: ['tprel_lo12_s', 4],
  TPREL_ADD: ['tprel_add', 4],
  BRANCH: ['branch', 4],
  JAL: ['jump', 4],
  RVC_BRANCH: ['c.branch', 2],
  RVC_JUMP: ['c.jump', 2],
  CALL: ['call', 8],
  CALL_PLT: ['call', 8],
};
