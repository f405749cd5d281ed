const utf8 = new TextEncoder();

const simple: Readonly<Record<string, number>> = { b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 0x5c, '"': 0x22 };

/** The bytes of a string's text between its quotes: UTF-8, with the escapes of GNU as (manual, section "Strings"). */
export function readString(text: string): Uint8Array {
  if (!text.includes('\\')) return utf8.encode(text);
  const bytes: number[] = [];
  const pattern = /\\([0-7]{1,3})|\\[xX]([\da-fA-F]+)|\\(.)|([^\\]+)|\\/gsu;
  for (const [, octal, hexadecimal, letter, plain] of text.matchAll(pattern)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8) & 0xff);
    else if (hexadecimal !== undefined) bytes.push(Number.parseInt(hexadecimal.slice(-2), 16));
    else if (letter !== undefined) bytes.push(...(letter in simple ? [simple[letter]!] : utf8.encode(letter)));
    else if (plain !== undefined) for (const byte of utf8.encode(plain)) bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}
