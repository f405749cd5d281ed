import { matchFunctions } from '../filter-pattern';
import { FtraceError } from '../ftrace-error';
import type { TraceableFunction } from '../ftrace-ops';

/** A filter in a module that is not loaded, which no program here has: kept, and shown, until it is removed. */
interface ModuleFilter {
  readonly pattern: string;
  readonly module: string;
}

/** One of `set_ftrace_filter`, `set_ftrace_notrace`, `set_graph_function` and `set_graph_notrace`: the functions it names. */
export class FunctionList {
  readonly functions = new Set<TraceableFunction>();
  readonly modules: ModuleFilter[] = [];

  constructor(
    private readonly all: readonly TraceableFunction[],
    private readonly changed: () => void,
  ) {}

  /** Whether it names none, which means all or none by what it is for. */
  get isEmpty(): boolean {
    return this.functions.size === 0 && this.modules.length === 0;
  }

  /** The functions, in the order of their addresses. */
  get sorted(): readonly TraceableFunction[] {
    return this.all.filter((each) => this.functions.has(each));
  }

  /** Adds what a pattern matches, or takes it away after `!`. Throws FtraceError (EINVAL) where it matches nothing. */
  change(pattern: string): void {
    this.edit([pattern]);
  }

  /** The same for several, applied at once. Those before one that matches nothing are in force. */
  edit(patterns: readonly string[]): void {
    try {
      for (const pattern of patterns) this.apply(pattern);
    } finally {
      this.changed();
    }
  }

  set(functions: Iterable<TraceableFunction>): void {
    this.functions.clear();
    for (const each of functions) this.functions.add(each);
    this.changed();
  }

  clear(): void {
    this.functions.clear();
    this.modules.length = 0;
    this.changed();
  }

  changeModule(text: string, module: string): void {
    const removes = text.startsWith('!');
    const pattern = removes ? text.slice(1) : text;
    const known = this.modules.findIndex((each) => each.pattern === pattern && each.module === module);
    if (!removes && known < 0) this.modules.push({ pattern, module });
    if (removes && known < 0) throw new FtraceError('EINVAL');
    if (removes) this.modules.splice(known, 1);
    this.changed();
  }

  private apply(text: string): void {
    const removes = text.startsWith('!');
    const matched = matchFunctions(removes ? text.slice(1) : text, this.all);
    if (matched.length === 0) throw new FtraceError('EINVAL');
    for (const each of matched) {
      if (removes) this.functions.delete(each);
      else this.functions.add(each);
    }
  }
}

/** The functions that an instance's function tracer wants, as `set_ftrace_filter` and `set_ftrace_notrace` say. */
export class FunctionHash {
  readonly filter: FunctionList;
  readonly notrace: FunctionList;

  constructor(all: readonly TraceableFunction[], changed: () => void) {
    this.filter = new FunctionList(all, changed);
    this.notrace = new FunctionList(all, changed);
  }

  /** As an ops has them: an empty filter lets all pass, unless it waits for a module. */
  get sets(): { filter: ReadonlySet<TraceableFunction> | undefined; notrace: ReadonlySet<TraceableFunction> } {
    const { filter, notrace } = this;
    return { filter: filter.isEmpty ? undefined : new Set(filter.functions), notrace: new Set(notrace.functions) };
  }
}
