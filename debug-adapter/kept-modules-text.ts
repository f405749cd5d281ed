/** WebAssembly modules, by what they depend on, as they are kept beside a bundle that has that seal. */
export function keptModulesText(modules: ReadonlyMap<string, Uint8Array>, seal: string): string {
  const entries = [...modules].map(([key, bytes]) => [key, Buffer.from(bytes).toString('base64')] as const);
  return JSON.stringify({ seal, modules: Object.fromEntries(entries) });
}

/** The modules of such a text; none where it was made for another bundle, or is damaged. */
export function parseKeptModules(text: string, seal: string): ReadonlyMap<string, Uint8Array> {
  const kept = parse(text);
  if (seal === '' || kept?.seal !== seal) return new Map();
  return new Map(Object.entries(kept.modules).map(([key, bytes]) => [key, Buffer.from(bytes, 'base64')]));
}

function parse(text: string): { readonly seal: string; readonly modules: Readonly<Record<string, string>> } | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Where the modules of a bundle are kept, if any. */
export function keptModulesPath(path: string): string {
  return `${path}.modules`;
}
