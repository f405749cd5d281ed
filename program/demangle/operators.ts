/** An operator of the ABI's section 5.1.3 by its two letters: how it is written, and how many operands it has in an expression. */
export function operatorOf(code: string): Operator | undefined {
  return table.get(code);
}

export interface Operator {
  readonly text: string;
  readonly operands: number;
}

// biome-ignore format: a table.
const byOperands: readonly (readonly [operands: number, texts: Readonly<Record<string, string>>])[] = [
  [0, { tr: 'throw' }],
  [1, {
    aw: 'co_await ', ad: '&', at: 'alignof ', az: 'alignof ', co: '~', da: 'delete[] ', de: '*', dl: 'delete ', gs: '::', mm: '--',
    ng: '-', nt: '!', nx: 'noexcept', pp: '++', ps: '+', sP: 'sizeof...', sZ: 'sizeof...', st: 'sizeof ', sz: 'sizeof ', te: 'typeid ',
    ti: 'typeid ', tw: 'throw ', li: 'operator"" ',
  }],
  [2, {
    aN: '&=', aS: '=', aa: '&&', an: '&', cc: 'const_cast', cl: '()', cm: ',', dV: '/=', dc: 'dynamic_cast', di: '=',
    ds: '.*', dt: '.', dv: '/', dx: ']=', eO: '^=', eo: '^', eq: '==', fl: '...', fr: '...', ge: '>=', gt: '>', ix: '[]', lS: '<<=',
    le: '<=', ls: '<<', lt: '<', mI: '-=', mL: '*=', mi: '-', ml: '*', ne: '!=', oR: '|=', oo: '||', or: '|', pL: '+=', pl: '+',
    pm: '->*', pt: '->', rM: '%=', rS: '>>=', rc: 'reinterpret_cast', rm: '%', rs: '>>', sc: 'static_cast', ss: '<=>',
  }],
  [3, { dX: '[...]=', fL: '...', fR: '...', na: 'new[]', nw: 'new', qu: '?' }],
];

const table: ReadonlyMap<string, Operator> = new Map(
  byOperands.flatMap(([operands, texts]) => Object.entries(texts).map(([code, text]) => [code, { text, operands }] as const)),
);
