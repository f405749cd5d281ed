import type { ExpressionResult } from '../test/debug-adapter/gdb/compare-expressions';

interface Sides {
  readonly letter: string | undefined;
  readonly source: string;
  readonly ours: { readonly text: string; readonly type: string };
  readonly theirs: { readonly text: string; readonly type: string };
}

type Peculiarity = readonly [reason: string, holds: (result: Sides) => boolean];

/** What gdb 13 refuses and we do not. */
const refused: readonly Peculiarity[] = [
  ['bool is no number to it, as in C', ({ theirs }) => theirs.text === 'Invalid operation on booleans.'],
  [
    'registers that hold an address, or a float, are numbers too',
    ({ source, theirs }) => /\$(pc|sp|ra|gp|tp|fp|s0|fa0)\b/.test(source) && refusals.test(theirs.text),
  ],
  ['it puts texts and arrays into memory of the program', ({ theirs }) => theirs.text.includes('to have a function "malloc"')],
  [
    'it compares no pointer to a member with zero',
    ({ source, theirs }) => /\b(y|corner|sum) [!=]=/.test(source) && refusals.test(theirs.text),
  ],
  ['it cannot read it', ({ theirs }) => theirs.text === 'Could not convert character constant to target character set'],
  ['a whole number is an address in sizeof too', ({ source, theirs }) => /^sizeof/.test(source) && theirs.text === noPointer],
  ['it reads memory for a type', ({ source, theirs }) => /^sizeof/.test(source) && /^Cannot access memory/.test(theirs.text)],
  [
    'a function is what *function is, where it is not wanted too',
    ({ source, theirs }) => /\*(add|twice)\b/.test(source) && theirs.text === noPointer,
  ],
  [
    'it reads an array that is wanted for its place, or shows nothing of one that is mapped in part',
    ({ source, ours, theirs }) => source.includes('@') && theirs.text.startsWith('Cannot access memory') && ours.type !== '',
  ],
];

/** What C refuses, and gdb 13 makes something of. */
const taken: readonly Peculiarity[] = [
  ['bit-fields have no address', ({ ours }) => /A bit-field has no address|"@" takes an object in memory/.test(ours.text)],
  ['structs are assigned to no numbers', ({ source, ours }) => source.includes('=') && /wanted, and this is/.test(ours.text)],
  ['structs have no truth', ({ source, ours }) => source.includes('?') && /wanted, and this is/.test(ours.text)],
  [
    'pointers become no floats, floats no pointers',
    ({ source, ours }) =>
      (source.includes(' = ') && (isFloat(ours.type) || /An address must be an integer/.test(ours.text))) ||
      /cannot be cast to (long double|double|float)/.test(ours.text),
  ],
  ['functions have no elements, and no formats', ({ theirs }) => /^\w+( \[\d+\]|\[\d+\])? ?\(.*\)$/.test(theirs.type)],
  ['sizeof takes what has no type', ({ source, ours }) => /^sizeof/.test(source) && ours.type === ''],
  ['pointers become no vectors', ({ ours }) => /cannot become "v4si"/.test(ours.text)],
  ['vectors are assigned to nothing else', ({ source, ours }) => source.includes('=') && /"v\w+" cannot become/.test(ours.text)],
  ['void has no truth', ({ source, ours }) => /\|\||&&/.test(source) && /"\*" takes no pointer to void/.test(ours.text)],
  ['a sum has no address', ({ source, ours }) => source.includes('&(') && /"&" takes a symbol or an object/.test(ours.text)],
  [
    'bit-fields are cast as what they are',
    ({ source, ours }) => /window\.(width|height|isOpen)|odd\./.test(source) && /cannot be cast/.test(ours.text),
  ],
  ['vectors are no arrays where they are not wanted either', ({ ours }) => /"\*" takes a pointer, and this is "v/.test(ours.text)],
  ['& of * is of a pointer', ({ source, theirs }) => source.includes('&(*') && !/[*(]/.test(theirs.type)],
];

/** What gdb 13 has otherwise. */
const different: readonly Peculiarity[] = [
  [
    'references are what they refer to before @ too',
    ({ source, theirs }) => theirs.text.includes('@0x') || /\b(constant|ref|row|moved)@/.test(source),
  ],
  ['what is cast to a struct is in memory, or not, as it comes', ({ source }) => /\)\(\(shapes::Place\)/.test(source)],
  ['of void it takes one byte', ({ source }) => /^sizeof.*\$(sp|gp|fp|s0)/.test(source)],
  ['of a choice in sizeof, or where it is not wanted, it takes either', ({ source }) => /^sizeof.*\?|(\|\||&&).*\?/.test(source)],
  ['it takes the size of a reference to an array for that of an element', ({ source }) => source.startsWith('sizeof(*row)')],
  ['bit-fields that fit become ints', ({ source }) => /\bodd\.high\b.*[-+*/%<>&|^]|[-+*/%<>&|^~!].*\bodd\.high\b/.test(source)],
  ['-x is 0 - x', ({ source, ours, theirs }) => source.includes('-') && ours.text.replace(/-0\b(?!\.)/g, '0') === theirs.text],
  [
    'a part of one is true',
    ({ source, ours, theirs }) => /^true/.test(ours.text) && theirs.text === 'false' && /yes =|\(_?[bB]ool\)/.test(source),
  ],
  [
    'it knows no whole numbers of floats above 63 bits',
    ({ ours, theirs }) => ours.type === 'unsigned long' && theirs.text === '9223372036854775807',
  ],
  [
    'a part of one is true, as a number too',
    ({ source, ours, theirs }) => /\(_?[bB]ool\)\.\d/.test(source) && ours.text === '1' && theirs.text === '0',
  ],
  ['names are demangled in addresses too', ({ letter, theirs }) => letter === 'a' && theirs.text.includes('<_Z')],
  ['it loses the character before an incomplete sequence of UTF-8', ({ theirs }) => theirs.text.includes('<incomplete sequence')],
  ['characters that Unicode has had since', ({ ours, theirs }) => /L'\\x1/.test(theirs.text) && /L'[^\\]/.test(ours.text)],
  [
    'it takes a pointer to a base for one to the whole object',
    ({ source }) => /\*(left|right|sized|root)\b|\b(left|right|sized|root)\[/.test(source),
  ],
];

/** What is not the same in qemu. */
const elsewhere: readonly Peculiarity[] = [
  ['virtual bases beyond the object are anywhere', ({ source }) => source.includes('leaf@')],
  ['a float in the stack as a pointer takes in what is beside it', ({ source }) => /\*\)single\b/.test(source)],
  [
    'what is behind a segment in its page is the file',
    ({ source, ours }) => /\bfixed\b.*[@[]/.test(source) || /^0x1\w{4} ""$/.test(ours.text),
  ],
  ['the lower half of an address of the stack is anywhere', ({ theirs }) => /at address 0x(7f|80)[0-9a-f]{4}\b/.test(theirs.text)],
  ['the stack is above 4 GiB', ({ source }) => /0x80000000|2147483647|4294967295|\bword\b/.test(source) && /[<>]/.test(source)],
];

const refusals = /not a number|Invalid type combination|Invalid cast|generic pointer|Not a numeric type|not an integer/;
const isFloat = (type: string) => /^(float|double|long double)$/.test(type);
const noPointer = 'Attempt to take contents of a non-pointer value.';

/** Why gdb is known to differ; undefined for any other difference. */
export function peculiarityOfGdb({ expression, ours, theirs, isOfStack }: ExpressionResult): string | undefined {
  if (isOfStack) return 'the value is of what is in the stack, or where';
  const [, letter, source = ''] = /^(?:\/(\w) )?(.*)$/s.exec(expression) ?? [];
  const sides = { letter, source, ours: side(ours), theirs: side(theirs) };
  return [...refused, ...taken, ...different, ...elsewhere].find(([, holds]) => holds(sides))?.[0];
}

function side(result: ExpressionResult['ours']): Sides['ours'] {
  return typeof result === 'string' ? { text: result, type: '' } : { text: result[0], type: result[1] };
}
