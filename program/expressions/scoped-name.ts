/** A C++ name as the scope before its last part, and that part: `a::b<c::d>` and `e` of `a::b<c::d>::e`. */
export function splitScope(name: string): { readonly scope: string; readonly last: string } {
  let depth = 0;
  for (let at = name.length - 1; at > 0; at--) {
    const character = name[at]!;
    if (character === '>' || character === ')') depth++;
    if (character === '<' || character === '(') depth--;
    if (depth === 0 && character === ':' && name[at - 1] === ':') return { scope: name.slice(0, at - 1), last: name.slice(at + 1) };
  }
  return { scope: '', last: name };
}
