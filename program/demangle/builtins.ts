/** The builtin types of the ABI's section 5.1.5.2 by their letters. */
export const builtinTypes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    v: 'void',
    w: 'wchar_t',
    b: 'bool',
    c: 'char',
    a: 'signed char',
    h: 'unsigned char',
    s: 'short',
    t: 'unsigned short',
    i: 'int',
    j: 'unsigned int',
    l: 'long',
    m: 'unsigned long',
    x: 'long long',
    y: 'unsigned long long',
    n: '__int128',
    o: 'unsigned __int128',
    f: 'float',
    d: 'double',
    e: 'long double',
    g: '__float128',
    z: '...',
    Dn: 'decltype(nullptr)',
    Di: 'char32_t',
    Ds: 'char16_t',
    Du: 'char8_t',
    Da: 'auto',
    Dc: 'decltype(auto)',
    Df: 'decimal32',
    Dd: 'decimal64',
    De: 'decimal128',
    Dh: 'half',
  }),
);

/** What follows a literal of these types; literals of others have their type before them. */
export const literalSuffixes: ReadonlyMap<string, string> = new Map(
  Object.entries({ int: '', 'unsigned int': 'u', long: 'l', 'unsigned long': 'ul', 'long long': 'll', 'unsigned long long': 'ull' }),
);

/** Types whose literals are the bytes of their representation. */
export const realTypes: ReadonlySet<string> = new Set(['float', 'double', 'long double', '__float128', 'half']);

/**
 * The abbreviations of section 5.1.10, in full: a stack is to show one name for a class, whether its debug information is there or not.
 * With each, the class that a constructor after it is of.
 */
export const standardNames: ReadonlyMap<string, readonly [text: string, last: string]> = new Map(
  Object.entries({
    t: ['std', ''],
    a: ['std::allocator', 'allocator'],
    b: ['std::basic_string', 'basic_string'],
    s: ['std::basic_string<char, std::char_traits<char>, std::allocator<char> >', 'basic_string'],
    i: ['std::basic_istream<char, std::char_traits<char> >', 'basic_istream'],
    o: ['std::basic_ostream<char, std::char_traits<char> >', 'basic_ostream'],
    d: ['std::basic_iostream<char, std::char_traits<char> >', 'basic_iostream'],
  } as const),
);
