/** Places in an argument `NAME=EXPRESSION:TYPE`: the character behind a text, or that text. */
const behind = (text: string) => (word: string) => word.lastIndexOf(text) + text.length;
const end = (word: string) => word.length;

/** Where the kernel's caret points that is not at the expression, by what it says (kernel/trace/trace_probe.c, `trace_probe_log_err`). */
const places: readonly (readonly [message: RegExp, place: (word: string) => number])[] = [
  [/argument name/i, () => 0],
  [/No argument expression|String is not closed|Array is not closed/, end],
  [/brace is not closed/, (word) => word.replace(/\)+$/, '').length],
  [/Invalid immediate value/, behind('\\')],
  [/can not be dereferenced/, (word) => word.search(/\$comm/i)],
  [/array size|Array number/, behind('[')],
  [/Array has wrong suffix/, (word) => (word.includes(']') ? behind(']')(word) : behind(':')(word))],
  [/Unknown type|only accepts|accepts only|bitfield/i, (word) => (word.includes(':') ? behind(':')(word) : bodyAt(word))],
];

/** The character of an argument at which an error is, by its message. */
export function caretIn(word: string, message: string): number {
  const place = places.find(([pattern]) => pattern.test(message))?.[1] ?? bodyAt;
  return place(word);
}

function bodyAt(word: string): number {
  return /^[A-Za-z_]\w*=/.exec(word)?.[0].length ?? 0;
}
