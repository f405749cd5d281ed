/** A constant of `fli`: how assembly writes it, and its value; `min` is the smallest normal number of the format. */
export interface FloatConstant {
  readonly text: string;
  readonly value: number | 'min';
}

/** The constants of `fli` by number (Volume I, chapter "Zfa", table "Immediate values loaded by the FLI instruction"). */
// biome-ignore format: in fours.
export const floatConstants: readonly FloatConstant[] = [
  constant('-1.0'), { text: 'min', value: 'min' }, constant('1.52587890625e-05'), constant('3.0517578125e-05'),
  constant('0.00390625'), constant('0.0078125'), constant('0.0625'), constant('0.125'),
  constant('0.25'), constant('0.3125'), constant('0.375'), constant('0.4375'),
  constant('0.5'), constant('0.625'), constant('0.75'), constant('0.875'),
  constant('1.0'), constant('1.25'), constant('1.5'), constant('1.75'),
  constant('2.0'), constant('2.5'), constant('3.0'), constant('4.0'),
  constant('8.0'), constant('16.0'), constant('128.0'), constant('256.0'),
  constant('32768.0'), constant('65536.0'), { text: 'inf', value: Number.POSITIVE_INFINITY }, { text: 'nan', value: Number.NaN },
];

/** The number of the constant that a text means; a number may be written in any way. */
export function floatConstantNumber(text: string): number | undefined {
  const named = floatConstants.findIndex((one) => one.text === text.toLowerCase());
  if (named >= 0) return named;
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return undefined;
  const number = floatConstants.findIndex((one) => one.value === Number(text));
  return number < 0 ? undefined : number;
}

function constant(text: string): FloatConstant {
  return { text, value: Number(text) };
}
