import { canonicalName } from '../dwarf/entries/canonical-name';
import { LocalNames } from './local-names';
import type { Access, EnumType, Member, Method, RecordType, Type } from './type';
import { declaration, typeName } from './type-name';

/** A type with what is in it, as gdb's `ptype` prints it (c-typeprint.c). */
export function typeText(type: Type): string {
  return new TypePrinter(0, new LocalNames([], [])).text(type, '', 1);
}

/** What gdb's `whatis` prints of a type's name: what a typedef is of, else the name. */
export function namedTypeText(type: Type): string {
  return typeName(type.kind === 'typedef' ? type.target : type);
}

/** Records in records: a corrupt file has some that are in themselves. */
const deepest = 20;

class TypePrinter {
  constructor(
    /** Characters before a line. */
    private readonly indentation: number,
    private readonly names: LocalNames,
    /** The records that this is in the text of: the functions of one without a name may take it. */
    private readonly open: readonly RecordType[] = [],
  ) {}

  /** Above 0 `show` tells what is in a record or enumeration, at 0 only of one that has no name. */
  text(type: Type, declarator: string, show: number): string {
    const parameter = this.names.parameterOf(type);
    return declaration(parameter === undefined ? this.rebuilt(type, show) : named(parameter), declarator);
  }

  /** The type with the text of what it is made of in place of that. */
  private rebuilt(type: Type, show: number, depth = 0): Type {
    if (depth > deepest) return type;
    const rebuilt = (each: Type) => this.rebuilt(each, show, depth + 1);
    switch (type.kind) {
      case 'typedef':
        return show > 0 ? rebuilt(type.target) : named(this.names.nameOf(type));
      case 'qualified':
        return { ...type, target: rebuilt(type.target) };
      case 'pointer':
        return { ...type, size: type.size, target: rebuilt(type.target) };
      case 'array':
        return { ...type, element: rebuilt(type.element) };
      case 'function':
        return {
          ...type,
          result: rebuilt(type.result),
          parameters: type.parameters.map((each) => this.rebuilt(each, 0, depth + 1)),
        };
      case 'record':
        if (type.name !== undefined && show <= 0) return named(this.names.nameOf(type));
        if (show < 0 || this.open.includes(type) || this.open.length > deepest) return named(`${type.keyword} {...}`);
        return named(this.record(type, show));
      case 'enum':
        if (type.name !== undefined && show <= 0) return named(this.names.nameOf(type));
        return named(show < 0 ? 'enum {...}' : enumText(type));
      default:
        return named(this.names.nameOf(type));
    }
  }

  private record(type: RecordType, show: number): string {
    const { typedefs, templateTypes } = type;
    const inner = this.indentation + 4;
    const names = new LocalNames(templateTypes, [], this.names);
    const open = [...this.open, type];
    const body = new TypePrinter(inner, new LocalNames(templateTypes, typedefs, this.names), open);
    const heading = [
      type.keyword,
      ...(type.name === undefined ? [] : [type.name]),
      ...(templateTypes.length === 0 ? [] : [`[with ${templateTypes.map((each) => `${each.name} = ${typeName(each.type)}`).join(', ')}]`]),
      ...bases(type, names),
    ].join(' ');
    const lines = type.isIncomplete
      ? [`${' '.repeat(inner)}<incomplete type>`]
      : new RecordBody(type, body, new TypePrinter(inner, names, open), inner).lines(show - 1);
    return `${heading} {\n${lines.join('\n')}\n${' '.repeat(this.indentation)}}`;
  }
}

/** The lines between the braces of a record. */
class RecordBody {
  private section: Access | undefined;
  private readonly found: string[] = [];
  private readonly isLabelled: boolean;

  constructor(
    private readonly type: RecordType,
    private readonly printer: TypePrinter,
    /** It does not know the typedefs, which it prints. */
    private readonly outer: TypePrinter,
    private readonly indentation: number,
  ) {
    this.isLabelled = needsLabels(type);
  }

  lines(show: number): readonly string[] {
    const { typedefs, methods } = this.type;
    const members = this.type.members.filter(({ isBase }) => !isBase);
    if (members.length + methods.length + typedefs.length === 0) return [`${' '.repeat(this.indentation)}<no data fields>`];
    for (const member of members) if (!/^_vptr[.$]/.test(member.name ?? '')) this.member(member, show);
    // A blank line is where labels are.
    if (methods.length > 0 && this.section !== undefined) this.found.push('');
    for (const method of methods) this.method(method);
    if (typedefs.length > 0 && members.length + methods.length > 0) this.found.push('');
    for (const { name, type, access } of typedefs) {
      if (this.isLabelled) this.label(access);
      this.line(`typedef ${this.outer.text(type.target, name, show)};`);
    }
    return this.found;
  }

  private member({ name, type, bits, staticEntry, access }: Member, show: number): void {
    if (this.isLabelled) this.label(access);
    const field = `${this.printer.text(type, name ?? '', show)}${bits ? ` : ${bits.size}` : ''}`;
    this.line(`${staticEntry ? 'static ' : ''}${field};`);
  }

  private method({ name, isStatic, isConstructor, slot, access, object, parameters, type }: Method): void {
    this.label(access);
    const conversion = /^operator (?!new\b|delete\b|co_await\b|")/.test(name);
    const result = isConstructor || conversion ? '' : `${this.printer.text(type.result, '', 0)} `;
    const inside = [...parameters.map((each) => this.printer.text(each, '', 0)), ...(type.isVariadic ? ['...'] : [])];
    const kind = slot !== undefined ? 'virtual ' : isStatic ? 'static ' : '';
    const shown = conversion ? `operator ${canonicalType(name.slice('operator '.length))}` : canonicalName(name);
    this.line(`${kind}${result}${shown}(${inside.join(', ') || 'void'})${object ? qualifiers(object) : ''};`);
  }

  private label(access: Access): void {
    if (this.section === access) return;
    this.section = access;
    this.found.push(`${' '.repeat(this.indentation - 2)}${access}:`);
  }

  private line(text: string): void {
    this.found.push(' '.repeat(this.indentation) + text);
  }
}

/** A type as it is among template arguments. */
function canonicalType(text: string): string {
  return canonicalName(`_<${text}>`).slice(2, -1).trimEnd();
}

/** Whether something in it has another access than its keyword says. */
function needsLabels({ keyword, members, methods, typedefs }: RecordType): boolean {
  const all = [...members.filter(({ isBase }) => !isBase), ...methods, ...typedefs];
  return all.some(({ access }) => (keyword === 'class' ? access !== 'private' : access !== 'public'));
}

function bases({ members }: RecordType, local: LocalNames): readonly string[] {
  const all = members.filter(({ isBase }) => isBase);
  const names = all.map(({ access, isVirtual, type }) => `${access} ${isVirtual ? 'virtual ' : ''}${local.nameOf(type)}`);
  return all.length === 0 ? [] : [`: ${names.join(', ')}`];
}

function enumText({ name, isCplusplus, isClass, underlying, enumerators }: EnumType): string {
  let next = 0n;
  const values = enumerators.map((each) => {
    const text = each.value === next ? each.name : `${each.name} = ${each.value}`;
    next = each.value + 1n;
    return text;
  });
  const type = isCplusplus && underlying ? [`: ${typeName(underlying)}`] : [];
  return [isClass ? 'enum class' : 'enum', ...(name === undefined ? [] : [name]), ...type, `{${values.join(', ')}}`].join(' ');
}

/** Those of what `this` points to. */
function qualifiers(type: Type): string {
  const found = new Set<string>();
  for (let each = type; each.kind === 'qualified'; each = each.target) found.add(each.qualifier);
  return ['const', 'volatile']
    .filter((each) => found.has(each))
    .map((each) => ` ${each}`)
    .join('');
}

/** A text in the place of a type. */
function named(name: string): Type {
  return { kind: 'void', name };
}
