import { characterPrefix, pointerTo, sizeOf } from '../../types/base-types';
import { type ArrayType, type BaseType, type PointerType, type RecordType, strip, type Type } from '../../types/type';
import { typeName } from '../../types/type-name';
import { elementOf, memberValue, targetOf } from '../parts';
import { addressOf, inMemory, type Value, type ValueMemory } from '../value';
import { numberOfBytes, readBytes } from '../value-bytes';
import { ElementRuns } from './element-runs';
import { letterText } from './letters';
import { memberPointerText } from './member-pointers';
import { characterText, enumText, floatText, integerOf } from './scalars';
import { arrayText, type CharacterFormat, mostElements, pointedText, repeated, repeats } from './strings';

export interface FormatOptions {
  /** One of gdb's letters: x d u o t c a f s z. */
  readonly letter?: string | undefined;
  /** Characters of the whole text; what goes beyond is cut. */
  readonly limit?: number | undefined;
}

/** A value in one line, as gdb's `info locals` has it: `5`, `97 'a'`, `0x10108 <fib>`, `{x = 1, name = "ab"}`. */
export function formatValue(value: Value, memory: ValueMemory, options: FormatOptions = {}): string {
  const text = new Formatter(memory, options).text(value, 0);
  const { limit } = options;
  return limit !== undefined && text.length > limit ? `${text.slice(0, limit)}...` : text;
}

/** Records in records that are shown: gdb's `print max-depth`. */
const deepest = 20;
/** Characters of one value: nested arrays multiply. */
const longest = 20_000;
/** Elements of an array in pieces that are compared by their texts. */
const longestTextRun = 10_000;
/** Characters of an array that are read to tell how often the last of those that are shown is repeated. */
const mostCharacters = 1 << 16;

class Formatter {
  private length = 0;
  private readonly virtualBases = new Set<string>();
  /** Static members that are being shown: addresses of records, names of the types of arrays' elements. A class may have one of itself. */
  private readonly statics: (bigint | string)[] = [];

  constructor(
    private readonly memory: ValueMemory,
    private readonly options: FormatOptions,
  ) {}

  text(value: Value, depth: number): string {
    const type = strip(value.type);
    if (depth > deepest || this.length > longest) return '{...}';
    const text = this.textOf(value, type, depth);
    this.length += text.length;
    return text;
  }

  private textOf(value: Value, type: Type, depth: number): string {
    switch (type.kind) {
      case 'record':
        return this.record(value, type, depth);
      case 'array':
        return this.array(value, type, depth);
      case 'function':
        return this.code(value, type);
      case 'void':
        return type.name === 'void' ? 'void' : type.name === 'decltype(nullptr)' ? 'nullptr' : `<${type.name}>`;
      default:
        return this.scalar(value, type, depth);
    }
  }

  private scalar(value: Value, type: Type, depth: number): string {
    if (value.location.kind === 'pointer' && type.kind === 'pointer') return this.syntheticPointer(value, type, depth);
    const result = readBytes(value, this.memory);
    if ('missing' in result) return `<${result.missing.replace(/^Cannot/, 'error: Cannot')}>`;
    const { bytes } = result;
    const { letter } = this.options;
    const isReference = type.kind === 'pointer' && (type.flavour === '&' || type.flavour === '&&');
    const isMethod = type.kind === 'pointer' && type.flavour === 'member' && strip(type.target).kind === 'function';
    if (letter !== undefined && letter !== 's' && !isReference && !isMethod) {
      const parts = type.kind === 'base' ? complexParts(type) : undefined;
      if (parts) return this.complexInLetter(letter, parts, bytes);
      const text = letterText(letter, { type, bytes, bits: value.bits }, (address) => this.memory.describe(address));
      if (text !== undefined) return text;
    }
    switch (type.kind) {
      case 'base':
        return this.base(type, bytes, value.bits, characterPrefix(value.type));
      case 'enum':
        return enumText(type, signedBits(bytes, value.bits, type.isSigned));
      case 'pointer':
        return this.pointer(type, numberOfBytes(bytes), depth);
      default:
        return '?';
    }
  }

  private base(type: BaseType, bytes: Uint8Array, bits: number | undefined, prefix: string | undefined): string {
    if (prefix && type.encoding !== 'utf') return characterText(signedBits(bytes, bits, type.encoding === 'signed'), type.size, prefix);
    switch (type.encoding) {
      case 'float':
        return floatText(type, bytes);
      case 'complex': {
        const half = bytes.length / 2;
        return `${floatText(type, bytes.slice(0, half))} + ${floatText(type, bytes.slice(half))}i`;
      }
      case 'complex-integer': {
        const half = bytes.length / 2;
        return `${integerOf(bytes.slice(0, half), true)} + ${integerOf(bytes.slice(half), true)}i`;
      }
      case 'boolean': {
        const number = numberOfBytes(bytes);
        return number === 0n ? 'false' : number === 1n ? 'true' : String(number);
      }
      case 'signed':
        return String(signedBits(bytes, bits, true));
      case 'unsigned':
        return String(numberOfBytes(bytes));
      case 'signed-char':
      case 'unsigned-char':
        return characterText(signedBits(bytes, bits, type.encoding === 'signed-char'), 1);
      case 'utf':
        return characterText(integerOf(bytes, false), type.size, prefix);
    }
  }

  /** gdb has the letter for each of the two parts. */
  private complexInLetter(letter: string, part: BaseType, bytes: Uint8Array): string {
    const half = bytes.length / 2;
    const text = (own: Uint8Array) => {
      return (
        letterText(letter, { type: part, bytes: own, bits: undefined }, (address) => this.memory.describe(address)) ??
        this.base(part, own, undefined, undefined)
      );
    };
    return `${text(bytes.slice(0, half))} + ${text(bytes.slice(half))}i`;
  }

  private pointer(type: PointerType, address: bigint, depth: number): string {
    if (type.flavour === 'member') return memberPointerText(type, address, (place) => this.memory.describe(place));
    if (type.flavour !== '*') {
      // gdb follows a reference, but none that is a member.
      const isFollowed = depth === 0;
      if (isFollowed && sizeOf(type.target) !== 0 && this.memory.read(address, 1).length === 0) {
        return `<error reading variable: Cannot access memory at address 0x${address.toString(16)}>`;
      }
      const referred = isFollowed ? `: ${this.text(inMemory(type.target, address), depth + 1)}` : '';
      return `@0x${address.toString(16)}${referred}`;
    }
    const symbol = this.memory.describe(address);
    const text = symbol ? `0x${address.toString(16)} ${symbol}` : `0x${address.toString(16)}`;
    const prefix = characterPrefix(type.target);
    if (address === 0n || prefix === undefined) return text;
    return `${text} ${this.pointed(address, { prefix, size: sizeOf(type.target) ?? 1 })}`;
  }

  /** A pointer that is gone; gdb follows a reference still. */
  private syntheticPointer(value: Value, type: PointerType, depth: number): string {
    const target = type.flavour === '*' || depth > 0 ? undefined : targetOf(value, this.memory);
    return `<synthetic pointer>${target ? `: ${this.text(target, depth + 1)}` : ''}`;
  }

  private pointed(address: bigint, format: CharacterFormat): string {
    const bytes = this.memory.read(address, (mostElements + 1) * format.size);
    const codes = codesOf(bytes, format.size);
    const end = codes.indexOf(0);
    if (end >= 0 && end <= mostElements) return pointedText(codes.slice(0, end), format, false);
    if (codes.length > mostElements) return pointedText(codes.slice(0, mostElements), format, true);
    const place = address + BigInt(codes.length * format.size);
    const error = `<error: Cannot access memory at address 0x${place.toString(16)}>`;
    return codes.length === 0 ? error : `${pointedText(codes, format, false)}${error}`;
  }

  /** As gdb does (cp-valprint.c, `cp_print_static_field`), which keeps them while the record is shown that is not one itself. */
  private staticMember(value: Value, depth: number): string {
    const type = strip(value.type);
    const key = type.kind === 'record' ? addressOf(value) : type.kind === 'array' ? typeName(type.element) : undefined;
    if (key === undefined) return this.text(value, depth);
    if (this.statics.includes(key)) return '<same as static member of an already seen type>';
    this.statics.push(key);
    if (type.kind !== 'record') return this.text(value, depth);
    return depth > deepest || this.length > longest ? '{...}' : this.members(value, type, depth);
  }

  private record(value: Value, type: RecordType, depth: number): string {
    const seen = this.statics.length;
    const text = this.members(value, type, depth);
    this.statics.length = seen;
    return text;
  }

  private members(value: Value, type: RecordType, depth: number): string {
    if (type.isIncomplete) return '<incomplete type>';
    const whole = this.wholeMissing(value);
    if (whole !== undefined) return `<${whole}>`;
    const parts: string[] = [];
    for (const member of type.members) {
      // A virtual base is there once, however many classes have it.
      if (member.dynamicOffset && this.virtualBases.has(typeName(member.type))) continue;
      if (member.dynamicOffset) this.virtualBases.add(typeName(member.type));
      const part = memberValue(value, member, this.memory);
      // gdb has the pointer to a virtual table in no other format.
      const formatter = part && /^_vptr[.$]/.test(member.name ?? '') ? new Formatter(this.memory, {}) : this;
      const shown = part && !(member.dynamicOffset && this.wholeMissing(part) !== undefined) ? part : undefined;
      const lost = member.dynamicOffset ? '<invalid address>' : '<optimized out>';
      const text = !shown ? lost : member.staticEntry ? this.staticMember(shown, depth + 1) : formatter.text(shown, depth + 1);
      // gdb takes a base that is only declared for an empty one.
      if (member.isBase) parts.push(`<${baseName(strip(member.type))}> = ${text === '<incomplete type>' ? '{<No data fields>}' : text}`);
      else if (member.name === undefined) parts.push(text);
      else parts.push(`${member.staticEntry ? 'static ' : ''}${member.name} = ${text}`);
      if (this.length > longest) break;
    }
    // Whatever its bases have.
    if (type.members.every(({ isBase }) => isBase)) parts.push('<No data fields>');
    return `{${parts.join(', ')}}`;
  }

  private array(value: Value, type: ArrayType, depth: number): string {
    const { count } = type;
    const size = sizeOf(type.element);
    // As gdb has an array without elements, or of so many that are not known: as the pointer that it becomes.
    if (typeof count !== 'number' || count * (size ?? 1) === 0) return this.asPointer(value, type, depth);
    const whole = this.wholeMissing(value);
    if (whole !== undefined) return `<${whole}>`;
    const isText = type.isVector ? this.options.letter === 's' && size === 1 : true;
    const prefix = type.isVector ? '' : characterPrefix(type.element);
    if (prefix !== undefined && size !== undefined && isText && !isNumberLetter(this.options.letter)) {
      const shown = Math.min(count, mostCharacters);
      const part = readBytes({ ...value, type: { ...type, element: type.element, count: shown } }, this.memory);
      if ('bytes' in part) return arrayText(codesOf(part.bytes, size), { prefix, size });
      if (value.location.kind !== 'pieces') return `<${part.missing.replace(/^Cannot/, 'error: Cannot')}>`;
      // Some of its characters may be known.
    }
    return `{${this.elements(value, { ...type, element: type.element, count }, depth)}}`;
  }

  /** Elements until there are enough; equal ones in a row count as a few (valprint.c, `generic_val_print_array`). */
  private elements(value: Value, type: ArrayType & { readonly count: number }, depth: number): string {
    const runs = ElementRuns.of(value, type, this.memory);
    const parts: string[] = [];
    let index = 0;
    for (let shown = 0; index < type.count && shown < mostElements && this.length <= longest; ) {
      const text = this.text(elementOf(value, type, index), depth + 1);
      const run = runs?.lengthFrom(index) ?? this.textRun(value, type, depth, index, text);
      parts.push(run > repeats ? repeated(text, run) : text);
      shown += run > repeats ? repeats : 1;
      index += run > repeats ? run : 1;
    }
    const isCut = index < type.count;
    return parts.join(', ') + (isCut ? '...' : '');
  }

  /** How many elements of an array in pieces have the same text in a row, from one on. */
  private textRun(array: Value, type: ArrayType & { readonly count: number }, depth: number, first: number, text: string): number {
    const { length } = this;
    const last = Math.min(type.count, first + longestTextRun);
    let end = first + 1;
    while (end < last && this.text(elementOf(array, type, end), depth + 1) === text) {
      end++;
      this.length = length;
    }
    this.length = length;
    return end - first;
  }

  private asPointer(value: Value, type: ArrayType, depth: number): string {
    const address = addressOf(value);
    if (address !== undefined) return this.pointer(pointerTo(type.element), address, depth);
    return value.location.kind === 'missing' ? `<${value.location.reason}>` : '<array of unknown size>';
  }

  /** Why nothing of a record or array can be shown. */
  private wholeMissing(value: Value): string | undefined {
    if (value.location.kind === 'missing') return value.location.reason.replace(/^Cannot/, 'error: Cannot');
    const address = addressOf(value);
    if (address === undefined || this.memory.read(address, 1).length > 0 || sizeOf(value.type) === 0) return undefined;
    return `error: Cannot access memory at address 0x${address.toString(16)}`;
  }

  private code(value: Value, type: Type): string {
    const address = addressOf(value);
    if (address === undefined) return '<optimized out>';
    const symbol = this.memory.describe(address);
    return `{${typeName(type)}} 0x${address.toString(16)}${symbol ? ` ${symbol}` : ''}`;
  }
}

/** A class without a name is a base by its typedef. */
function baseName(base: Type): string {
  return base.kind === 'record' && base.name === undefined ? '' : typeName(base);
}

/** The type of a complex number's parts; undefined for other types. */
function complexParts({ encoding, size }: BaseType): BaseType | undefined {
  if (encoding !== 'complex' && encoding !== 'complex-integer') return undefined;
  return { kind: 'base', name: '', size: size / 2, encoding: encoding === 'complex' ? 'float' : 'signed' };
}

function isNumberLetter(letter: string | undefined): boolean {
  return letter !== undefined && letter !== 's';
}

function signedBits(bytes: Uint8Array, bits: number | undefined, isSigned: boolean): bigint {
  const value = numberOfBytes(bytes);
  return isSigned ? BigInt.asIntN(bits ?? 8 * bytes.length, value) : value;
}

function codesOf(bytes: Uint8Array, size: number): number[] {
  const codes: number[] = [];
  for (let at = 0; at + size <= bytes.length; at += size) codes.push(Number(numberOfBytes(bytes.subarray(at, at + size))));
  return codes;
}
