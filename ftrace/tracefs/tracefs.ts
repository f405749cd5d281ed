import type { Ftrace } from '../ftrace';
import { FtraceError } from '../ftrace-error';
import { taskPid } from '../tracing/trace-instance';
import { dynamicEventFiles } from './dynamic-event-files';
import { allEnabled, globalFunctionFiles, linesText, listFile } from './function-files';
import { instanceFiles, savedCommandLines } from './instance-files';
import { type DirectoryNode, directory, file, numberOf, type TracefsNode, wordsOf } from './node';
import { readme } from './readme';
import { type FunctionTypes, TracingState } from './tracing-state';

const mounts = ['/sys/kernel/tracing', '/sys/kernel/debug/tracing'];
/** Files outside tracefs that belong to it. */
const sysctls = '/proc/sys/kernel';
/** PID_MAX_DEFAULT. */
const mostTasks = 32768;

/** tracefs of one machine, as a tree of files. Paths are relative to its root, or below where a kernel mounts it. */
export class Tracefs {
  readonly state: TracingState;
  private readonly root: DirectoryNode;
  private readonly proc: DirectoryNode;

  constructor(ftrace: Ftrace, types: FunctionTypes = {}) {
    this.state = new TracingState(ftrace, types);
    this.root = directory(() => this.rootEntries());
    this.proc = directory(() => [['stack_tracer_enabled', this.stackTracerFile()]]);
  }

  /** Throws FtraceError: ENOENT, EISDIR, or EACCES where it is only written. `most`: records of a `trace_pipe` at most. */
  read(path: string, most?: number): string {
    const node = this.find(path);
    if (node.kind === 'directory') throw new FtraceError('EISDIR');
    if (!node.read) throw new FtraceError('EACCES');
    return node.read(most);
  }

  /** What `>` does, or with `append` `>>`. Throws FtraceError as `read` does, and what the file answers. */
  write(path: string, text: string, append = false): void {
    const node = this.find(path);
    if (node.kind === 'directory') throw new FtraceError('EISDIR');
    if (!node.write) throw new FtraceError('EACCES');
    node.write(text, !append);
  }

  /** The names in a directory, sorted. Throws FtraceError (ENOENT, ENOTDIR). */
  list(path = ''): { readonly name: string; readonly isDirectory: boolean }[] {
    const node = this.find(path);
    if (node.kind !== 'directory') throw new FtraceError('ENOTDIR');
    return [...node.entries()]
      .map(([name, { kind }]) => ({ name, isDirectory: kind === 'directory' }))
      .sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** What is at a path; undefined where nothing is. */
  stat(path: string): { readonly isDirectory: boolean; readonly isReadable: boolean; readonly isWritable: boolean } | undefined {
    try {
      const node = this.find(path);
      if (node.kind === 'directory') return { isDirectory: true, isReadable: true, isWritable: node.make !== undefined };
      return { isDirectory: false, isReadable: node.read !== undefined, isWritable: node.write !== undefined };
    } catch (error) {
      if (error instanceof FtraceError) return undefined;
      throw error;
    }
  }

  /** Throws FtraceError: EPERM outside `instances`, EEXIST, EINVAL for a name that is none. */
  makeDirectory(path: string): void {
    const [parent, name] = this.split(path);
    const node = this.find(parent);
    if (node.kind !== 'directory' || !node.make) throw new FtraceError('EPERM');
    node.make(name);
  }

  removeDirectory(path: string): void {
    const [parent, name] = this.split(path);
    const node = this.find(parent);
    if (node.kind !== 'directory' || !node.remove) throw new FtraceError('EPERM');
    node.remove(name);
  }

  /** Everything that was recorded until now is there when a file is read or written. */
  private find(path: string): TracefsNode {
    this.state.ftrace.registry.settle();
    const { root, names } = this.start(path);
    let node: TracefsNode = root;
    for (const name of names) {
      if (node.kind !== 'directory') throw new FtraceError('ENOTDIR');
      const next = node.entries().get(name);
      if (!next) throw new FtraceError('ENOENT');
      node = next;
    }
    return node;
  }

  private start(path: string): { root: DirectoryNode; names: string[] } {
    const isProc = path.startsWith(`${sysctls}/`);
    const mount = isProc ? sysctls : mounts.find((each) => path === each || path.startsWith(`${each}/`));
    if (path.startsWith('/') && mount === undefined && path !== '/') throw new FtraceError('ENOENT');
    const names: string[] = [];
    for (const name of path.slice(mount?.length ?? 0).split('/')) {
      if (name === '..') names.pop();
      else if (name !== '' && name !== '.') names.push(name);
    }
    return { root: isProc ? this.proc : this.root, names };
  }

  private split(path: string): [parent: string, name: string] {
    const trimmed = path.replace(/\/+$/, '');
    const at = trimmed.lastIndexOf('/');
    return [trimmed.slice(0, Math.max(0, at)), trimmed.slice(at + 1)];
  }

  private rootEntries(): [string, TracefsNode][] {
    const { state } = this;
    const { ftrace } = state;
    const settings = ftrace.graphSettings;
    return [
      ...instanceFiles(state, state.top),
      ...globalFunctionFiles(state),
      ['README', file(() => readme)],
      ['available_events', file(() => linesText(state.events.all.map(({ system, name }) => `${system}:${name}`)))],
      ...dynamicEventFiles(state),
      [
        'max_graph_depth',
        numberFile(
          () => settings.maxDepth,
          (value) => {
            settings.maxDepth = value;
          },
        ),
      ],
      [
        'tracing_thresh',
        numberFile(
          () => settings.threshold,
          (value) => {
            settings.threshold = value;
          },
        ),
      ],
      ['printk_formats', file(() => '')],
      ['saved_cmdlines', file(() => savedCommandLines(state))],
      ['saved_cmdlines_size', this.savedSizeFile()],
      ['saved_tgids', file(() => (state.top.options.is('record-tgid') ? `${taskPid} ${taskPid}\n` : ''))],
      ['function_profile_enabled', this.profileFile()],
      ['trace_stat', directory(() => [['function0', file(() => state.profiler.report)]])],
      ['stack_trace', file(() => state.stackTracer.report(state.symbols))],
      ['stack_trace_filter', listFile(state.stackTracer.filter, allEnabled)],
      [
        'stack_max_size',
        numberFile(
          () => state.stackTracer.largest,
          (value) => {
            state.stackTracer.largest = value;
          },
        ),
      ],
      ['instances', this.instancesDirectory()],
    ];
  }

  private instancesDirectory(): DirectoryNode {
    const { state } = this;
    const entries = () =>
      [...state.instances].map(([name, instance]): [string, TracefsNode] => [name, directory(() => instanceFiles(state, instance))]);
    return directory(entries, {
      make: (name) => {
        if (name === '' || name.length > 255) throw new FtraceError('EINVAL');
        state.makeInstance(name);
      },
      remove: (name) => state.removeInstance(name),
    });
  }

  /** How many tasks' names are kept: more than the one there is. */
  private savedSizeFile(): TracefsNode {
    const { state } = this;
    return file(
      () => `${state.savedTasks}\n`,
      (text) => {
        const size = numberOf(text);
        if (size < 1 || size > mostTasks) throw new FtraceError('EINVAL');
        state.savedTasks = size;
      },
    );
  }

  private profileFile(): TracefsNode {
    const { profiler } = this.state;
    return file(
      () => (profiler.enabled ? '1\n' : '0\n'),
      (text) => {
        profiler.enabled = numberOf(text) !== 0;
      },
    );
  }

  private stackTracerFile(): TracefsNode {
    const { stackTracer } = this.state;
    return file(
      () => (stackTracer.enabled ? '1\n' : '0\n'),
      (text) => {
        stackTracer.enabled = numberOf(text) !== 0;
      },
    );
  }
}

function numberFile(read: () => number, write: (value: number) => void): TracefsNode {
  return file(
    () => `${read()}\n`,
    (text) => write(numberOf(wordsOf(text)[0] ?? '')),
  );
}
