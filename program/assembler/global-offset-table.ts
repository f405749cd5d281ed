import type { Expression } from './expression';
import { type Place, Section } from './section';
import { attributesOf } from './section-attributes';
import { AssemblySymbol } from './symbols';

/**
 * The `.got` for code that reads addresses from it (`la` after `.option pic`, `%got_pcrel_hi`): one 8-byte address per symbol, after
 * one that GNU ld keeps for the dynamic linker. Such fixups then point to the table.
 */
export function offsetTable(sections: readonly Section[]): Section[] {
  const table = new Section('.got', attributesOf('.got'));
  const slots = new Map<unknown, Place>();
  for (const { fixups } of sections) {
    for (const [index, fixup] of fixups.entries()) {
      if (fixup.kind !== 'got_hi20' && fixup.kind !== 'got_pair') continue;
      const key = keyOf(fixup.expression);
      let place = slots.get(key);
      if (!place) {
        if (slots.size === 0) table.fixed.skip(8);
        place = table.here();
        slots.set(key, place);
        table.fixups.push({ kind: 'data', place, size: 8, expression: fixup.expression, span: fixup.span });
        table.fixed.skip(8);
      }
      fixups[index] = { ...fixup, kind: fixup.kind === 'got_hi20' ? 'pcrel_hi20' : 'pair_i', expression: { kind: 'place', place } };
    }
  }
  table.align(8);
  return slots.size > 0 ? [table] : [];
}

function keyOf(expression: Expression): unknown {
  if (expression.kind !== 'symbol') return expression;
  const { symbol } = expression;
  return symbol.resolved instanceof AssemblySymbol
    ? symbol.resolved
    : symbol.binding === 'unset' && !symbol.definition
      ? symbol.name
      : symbol;
}
