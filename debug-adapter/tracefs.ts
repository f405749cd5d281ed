import { FtraceError } from '../ftrace/ftrace-error';
import { shellCommands } from '../ftrace/tracefs/shell';
import type { Tracefs } from '../ftrace/tracefs/tracefs';
import * as errors from './errors';
import type { LaunchedProgram } from './launch';
import type { TracefsArguments, TracefsResponseBody } from './trace-protocol';

/** Request `tracefs`: one operation on its tree, for an editor that shows it as files. */
export function tracefsRequest({ debuggee }: LaunchedProgram, args: TracefsArguments): TracefsResponseBody {
  const { tracefs } = debuggee;
  const { operation, path, content = '', limit } = args;
  try {
    switch (operation) {
      case 'read':
        return { content: tracefs.read(path, limit) };
      case 'write':
        tracefs.write(path, content, args.append ?? false);
        return {};
      case 'list':
        return { entries: tracefs.list(path) };
      case 'stat': {
        const stat = tracefs.stat(path);
        return stat ? { stat } : {};
      }
      case 'mkdir':
        tracefs.makeDirectory(path);
        return {};
      case 'rmdir':
        tracefs.removeDirectory(path);
        return {};
      default:
        throw errors.badArguments('tracefs', `"operation" is ${operation}`);
    }
  } catch (error) {
    if (error instanceof FtraceError) throw errors.tracefsFailed(path, error.errno, error.message);
    throw error;
  }
}

/** What the last word of a console line for tracefs can become: a path, or after `echo` a function, an option or a tracer. */
export function tracefsCompletions(tracefs: Tracefs, functions: readonly { readonly name: string }[], line: string): readonly string[] {
  const word = /[^\s>]*$/.exec(line)![0];
  const before = line.slice(0, line.length - word.length);
  if (before.trim() === '') return shellCommands.filter((each) => each.startsWith(word));
  const isContent = /^\s*echo\b[^>]*$/.test(before);
  if (isContent) {
    const head = /^!?/.exec(word)![0];
    const names = [...functions.map(({ name }) => name), ...tracefs.read('available_tracers').trim().split(' ')];
    return names.map((name) => head + name).filter((name) => name.startsWith(word));
  }
  const folder = word.slice(0, word.lastIndexOf('/') + 1);
  if (!tracefs.stat(folder)?.isDirectory) return [];
  const paths = tracefs.list(folder).map(({ name, isDirectory }) => `${folder}${name}${isDirectory ? '/' : ''}`);
  return paths.filter((path) => path.startsWith(word));
}
