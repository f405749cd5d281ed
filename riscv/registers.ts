/** The ABI names of x0-x31 (RISC-V psABI, section "Integer Register Convention"). */
// biome-ignore format: in eights.
export const xNames = [
  'zero', 'ra', 'sp', 'gp', 'tp', 't0', 't1', 't2',
  's0', 's1', 'a0', 'a1', 'a2', 'a3', 'a4', 'a5',
  'a6', 'a7', 's2', 's3', 's4', 's5', 's6', 's7',
  's8', 's9', 's10', 's11', 't3', 't4', 't5', 't6',
] as const;

export type XName = (typeof xNames)[number];

const numbers: ReadonlyMap<string, number> = new Map<string, number>([
  ...xNames.map((name, number): [string, number] => [name, number]),
  ...xNames.map((_, number): [string, number] => [`x${number}`, number]),
  ['fp', 8],
]);

/** The number of the register with that name: ABI name, `x0`-`x31` or `fp`. */
export function xNumber(name: string): number | undefined {
  return numbers.get(name);
}
