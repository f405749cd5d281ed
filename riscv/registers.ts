/** The ABI names of x0-x31 (RISC-V psABI, section "Integer Register Convention"). */
// biome-ignore format: in eights.
export const xNames = [
  'zero', 'ra', 'sp', 'gp', 'tp', 't0', 't1', 't2',
  's0', 's1', 'a0', 'a1', 'a2', 'a3', 'a4', 'a5',
  'a6', 'a7', 's2', 's3', 's4', 's5', 's6', 's7',
  's8', 's9', 's10', 's11', 't3', 't4', 't5', 't6',
] as const;

const numbers: ReadonlyMap<string, number> = new Map<string, number>([
  ...xNames.map((name, number): [string, number] => [name, number]),
  ...xNames.map((_, number): [string, number] => [`x${number}`, number]),
  ['fp', 8],
]);

/** The number of the register with that name: ABI name, `x0`-`x31` or `fp`. */
export function xNumber(name: string): number | undefined {
  return numbers.get(name);
}

/** The ABI names of f0-f31 (RISC-V psABI, section "Floating-point Register Convention"). */
// biome-ignore format: in eights.
export const fNames = [
  'ft0', 'ft1', 'ft2', 'ft3', 'ft4', 'ft5', 'ft6', 'ft7',
  'fs0', 'fs1', 'fa0', 'fa1', 'fa2', 'fa3', 'fa4', 'fa5',
  'fa6', 'fa7', 'fs2', 'fs3', 'fs4', 'fs5', 'fs6', 'fs7',
  'fs8', 'fs9', 'fs10', 'fs11', 'ft8', 'ft9', 'ft10', 'ft11',
] as const;

const floatNumbers: ReadonlyMap<string, number> = new Map<string, number>([
  ...fNames.map((name, number): [string, number] => [name, number]),
  ...fNames.map((_, number): [string, number] => [`f${number}`, number]),
]);

/** The number of the floating-point register with that name: ABI name or `f0`-`f31`. */
export function fNumber(name: string): number | undefined {
  return floatNumbers.get(name);
}
