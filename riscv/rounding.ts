/** The names of rounding modes in assembly, by their number (Volume I, chapter "F", section "Floating-Point Control and Status Register"). */
const names = ['rne', 'rtz', 'rdn', 'rup', 'rmm', undefined, undefined, 'dyn'] as const;

/** The mode of an instruction that rounds as frm says. */
export const dynamicRounding = 7;

/** The name of a rounding mode; undefined for a reserved one. */
export function roundingModeName(mode: number): string | undefined {
  return names[mode];
}

/** The number of a rounding mode that assembly names. */
export function roundingModeNumber(name: string): number | undefined {
  const number = (names as readonly (string | undefined)[]).indexOf(name);
  return number < 0 ? undefined : number;
}

/** Those names, in the order of their numbers. */
export const roundingModeNames: readonly string[] = names.filter((name) => name !== undefined);
