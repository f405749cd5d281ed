import { joinPath } from '../paths';
import type { Diagnostic } from '../program';

/** The errors and warnings in what GCC or clang print: `path:line:column: error: message`. Paths are made absolute with `folder`. */
export function compilerDiagnostics(output: string, folder: string): Diagnostic[] {
  return output.split(/\r?\n/).flatMap((text): Diagnostic[] => {
    const match = /^((?:[A-Za-z]:)?[^:\s][^:]*):(\d+):(?:(\d+):)? (fatal error|error|warning): (.*)$/.exec(text);
    if (!match) return [];
    const [, path, line, column, severity, message] = match as unknown as [string, string, string, string | undefined, string, string];
    return [
      {
        severity: severity === 'warning' ? 'warning' : 'error',
        path: joinPath(folder, path),
        line: Number(line),
        column: Number(column ?? 1),
        length: 1,
        message,
      },
    ];
  });
}
