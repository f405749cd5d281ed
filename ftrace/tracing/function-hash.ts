import { matchFunctions } from '../filter-pattern';
import { FtraceError } from '../ftrace-error';
import type { FilterSets, TraceableFunction } from '../ftrace-ops';
import { FunctionSet } from '../function-set';

/** A filter in a module that is not loaded, which no program here has: kept, and shown, until it is removed. */
interface ModuleFilter {
  readonly pattern: string;
  readonly module: string;
}

/** One of `set_ftrace_filter`, `set_ftrace_notrace`, `set_graph_function` and `set_graph_notrace`: the functions it names. */
export class FunctionList {
  readonly functions: FunctionSet;
  readonly modules: ModuleFilter[] = [];
  private isWaiting = false;

  constructor(
    private readonly all: readonly TraceableFunction[],
    private readonly whenChanged: () => void,
  ) {
    this.functions = new FunctionSet(all);
  }

  /** Whether it names none, which means all or none by what it is for. */
  get isEmpty(): boolean {
    return this.functions.size === 0 && this.modules.length === 0;
  }

  /** Several changes that take effect at once, when the last is made: as a file of tracefs is closed. */
  atOnce(action: () => void): void {
    this.isWaiting = true;
    try {
      action();
    } finally {
      this.isWaiting = false;
      this.changed();
    }
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
    this.functions.addAll(functions);
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

  private changed(): void {
    if (!this.isWaiting) this.whenChanged();
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
  private known: FilterSets | undefined;

  constructor(all: readonly TraceableFunction[], changed: () => void) {
    const forget = () => {
      this.known = undefined;
      changed();
    };
    this.filter = new FunctionList(all, forget);
    this.notrace = new FunctionList(all, forget);
  }

  /** As an ops has them: an empty filter lets all pass, unless it waits for a module. The same sets until something changes. */
  get sets(): FilterSets {
    const { filter, notrace } = this;
    this.known ??= { filter: filter.isEmpty ? undefined : filter.functions.copy(), notrace: notrace.functions.copy() };
    return this.known;
  }
}
