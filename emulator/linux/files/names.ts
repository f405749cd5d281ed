import { LinuxError } from '../errno';

/** Names and paths in the guest are bytes; here they are strings with one character for each byte. */
export function bytesOfName(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}

/** The text of such a name. Throws ENOENT for one that is not UTF-8, which no host has. */
export function textOfName(name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(encodeName(name));
  } catch {
    throw new LinuxError('ENOENT');
  }
}

export function encodeName(name: string): Uint8Array {
  return Uint8Array.from(name, (character) => character.charCodeAt(0));
}

export function decodeName(bytes: Uint8Array): string {
  let name = '';
  for (const byte of bytes) name += String.fromCharCode(byte);
  return name;
}
