import { type I32, type I64, i32, i64 } from '../../../emulator/wasm/expression';
import type { FilterTerm, NumberOperator } from '../event-filter';
import type { EventField } from '../trace-event';

/** A filter over the words of an event that the engine fetches, which holds before the event is recorded. */
export type NativeFilter =
  | { readonly kind: 'all' | 'any'; readonly terms: readonly NativeFilter[] }
  | { readonly kind: 'not'; readonly term: NativeFilter }
  | {
      readonly kind: 'compare';
      readonly word: number;
      readonly field: EventField;
      readonly operator: NumberOperator;
      readonly value: bigint;
    };

/** A filter as the engine has it, by the words that fields are the lower bytes of; undefined where it names another field. */
export function nativeFilter(term: FilterTerm, wordOf: (name: string) => number | undefined): NativeFilter | undefined {
  switch (term.kind) {
    case 'compare': {
      const word = wordOf(term.field.name);
      return word === undefined ? undefined : { ...term, word };
    }
    case 'not': {
      const inner = nativeFilter(term.term, wordOf);
      return inner && { kind: 'not', term: inner };
    }
    default: {
      const terms = term.terms.flatMap((each) => nativeFilter(each, wordOf) ?? []);
      return terms.length === term.terms.length ? { kind: term.kind, terms } : undefined;
    }
  }
}

/** Writes whether the words pass, as 0 or 1. */
export function writeFilter(filter: NativeFilter, words: readonly I64[]): I32 {
  switch (filter.kind) {
    case 'all':
      return filter.terms.map((term) => writeFilter(term, words)).reduce((one, other) => i32.and(one, other));
    case 'any':
      return filter.terms.map((term) => writeFilter(term, words)).reduce((one, other) => i32.or(one, other));
    case 'not':
      return i32.eqz(writeFilter(filter.term, words));
    default: {
      const { word, field, operator, value } = filter;
      return compared(extended(words[word]!, field), i64.constant(BigInt.asIntN(64, value)), operator, field.signed);
    }
  }
}

function extended(word: I64, { size, signed }: EventField): I64 {
  if (size === 8) return word;
  if (!signed) return i64.and(word, i64.constant(2n ** BigInt(8 * size) - 1n));
  return { 1: i64.extend8S, 2: i64.extend16S, 4: i64.extend32S }[size as 1 | 2 | 4](word);
}

function compared(found: I64, wanted: I64, operator: NumberOperator, signed: boolean): I32 {
  const isLess = signed ? i64.ltS : i64.ltU;
  switch (operator) {
    case '==':
      return i64.eq(found, wanted);
    case '!=':
      return i64.ne(found, wanted);
    case '<':
      return isLess(found, wanted);
    case '<=':
      return i32.eqz(isLess(wanted, found));
    case '>':
      return isLess(wanted, found);
    case '>=':
      return i32.eqz(isLess(found, wanted));
    default:
      return i64.ne(i64.and(found, wanted), i64.constant(0));
  }
}
