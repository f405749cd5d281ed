import { joinPath } from '../paths';
import type { LineHeader } from './line-header';

/** A path of a line table is relative to its folder, that to the compilation folder, and that, where it was made relative, to ours. */
export function pathOf({ files, folders }: LineHeader, index: number, compilationFolder = '', sourceFolder = ''): string | undefined {
  const file = files[index];
  if (!file) return undefined;
  const folder = folders[file.folder] ?? '';
  return joinPath(sourceFolder, joinPath(joinPath(folders[0] ?? compilationFolder, folder), file.name));
}
