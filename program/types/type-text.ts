import { strip, type Type } from './type';
import { declaration, typeName } from './type-name';

/** A type with what is in it, as gdb's `ptype` prints it. */
export function typeText(type: Type): string {
  const bare = inner(type);
  const head = typeName(type.kind === 'typedef' ? strip(type) : type);
  if (bare.kind === 'record') {
    if (bare.isIncomplete) return `${head} {\n    <incomplete type>\n}`;
    const bases = bare.members.filter(({ isBase }) => isBase).map(({ type: base }) => `public ${typeName(base)}`);
    const members = bare.members
      .filter(({ isBase }) => !isBase)
      .map(({ name, type: member, bits, staticEntry }) => {
        const field = `${declaration(member, name ?? '')}${bits ? ` : ${bits.size}` : ''}`.trimEnd();
        return `    ${staticEntry ? 'static ' : ''}${field};`;
      });
    const name = bare.name === undefined ? bare.keyword : `${bare.keyword} ${bare.name}`;
    const heading = bases.length > 0 ? `${name} : ${bases.join(', ')}` : name;
    return replaceRecord(head, typeName(bare), `${heading} {\n${members.join('\n')}\n}`);
  }
  if (bare.kind !== 'enum') return head;
  let next = 0n;
  const names = bare.enumerators.map(({ name, value }) => {
    const text = value === next ? name : `${name} = ${value}`;
    next = value + 1n;
    return text;
  });
  return replaceRecord(head, typeName(bare), `${bare.name === undefined ? 'enum' : `enum ${bare.name}`} {${names.join(', ')}}`);
}

/** What pointers, arrays and qualifiers are of. */
function inner(type: Type, depth = 0): Type {
  if (depth > 20) return type;
  if (type.kind === 'pointer') return inner(type.target, depth + 1);
  if (type.kind === 'array') return inner(type.element, depth + 1);
  if (type.kind === 'qualified' || type.kind === 'typedef') return inner(type.target, depth + 1);
  return type;
}

function replaceRecord(head: string, name: string, text: string): string {
  return head.includes(name) ? head.replace(name, text) : text;
}
