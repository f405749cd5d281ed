import { existsSync } from 'node:fs';
import { basename, isAbsolute, join, normalize, resolve } from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Program } from '../program/program';
import { unknownSource } from './errors';
import type { SourceMap } from './source-map';

/**
 * Sources as the programs' line tables name them, and as the editor does. A source that is not where it was compiled is looked
 * for where the launch's source map says, and beside the program; one that exists in memory only is fetched by its reference.
 */
export class Sources {
  private readonly sourceOf = new Map<string, DebugProtocol.Source>();
  private readonly pathOf = new Map<string, string>();
  private readonly embedded: readonly { readonly path: string; readonly text: string }[];

  /** `folder` is the program's own. */
  constructor(programs: readonly Program[], folder: string, sourceMap: SourceMap) {
    this.embedded = programs.flatMap((program) => [...program.embeddedSources].map(([path, text]) => ({ path, text })));
    for (const path of programs.flatMap((program) => program.lines.paths)) {
      const source = this.embeddedSource(path) ?? fileSource(path, folder, sourceMap(path));
      this.sourceOf.set(path, source);
      if (source.path !== undefined && !source.sourceReference) this.pathOf.set(normalize(source.path), path);
    }
  }

  /** The source of a line table's path, as the editor gets it. */
  toClient(path: string): DebugProtocol.Source {
    return this.sourceOf.get(path) ?? { name: basename(path), path };
  }

  /** The line table's path of a source that the editor names; undefined where the program has no code from it. */
  fromClient(source: DebugProtocol.Source): string | undefined {
    if (source.sourceReference) return this.embedded[source.sourceReference - 1]?.path;
    return source.path === undefined ? undefined : this.pathOf.get(normalize(source.path));
  }

  /** A source of the line tables that has that file's name but is not it. */
  namesake(source: DebugProtocol.Source): string | undefined {
    const name = basename(source.path ?? '');
    return [...this.pathOf.keys()].find((path) => basename(path) === name);
  }

  all(): DebugProtocol.Source[] {
    return [...this.sourceOf.values()];
  }

  /** The text of a source that exists in memory only. */
  text(reference: number): string {
    const source = this.embedded[reference - 1];
    if (!source) throw unknownSource(reference);
    return source.text;
  }

  private embeddedSource(path: string): DebugProtocol.Source | undefined {
    const index = this.embedded.findIndex((source) => source.path === path);
    if (index < 0) return undefined;
    return { name: basename(path), path, sourceReference: index + 1, origin: 'part of the debugger' };
  }
}

function fileSource(path: string, folder: string, mapped: string | undefined): DebugProtocol.Source {
  const name = basename(path.replaceAll('\\', '/'));
  const places = [mapped ?? [], isAbsolute(path) ? path : resolve(folder, path), join(folder, name)].flat();
  const found = places.find((place) => existsSync(place));
  return found === undefined ? { name, path, origin: 'the file is not there', presentationHint: 'deemphasize' } : { name, path: found };
}
