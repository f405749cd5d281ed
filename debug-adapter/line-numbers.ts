/** Lines and columns count from 1 in this adapter; this counts them from 0 for an editor that wants so. No line is 0 to both. */
export class LineNumbers {
  private readonly shifts: ReadonlyMap<string, number>;

  constructor(linesStartAt1: boolean, columnsStartAt1: boolean) {
    const shifts = new Map<string, number>();
    if (!linesStartAt1) for (const key of ['line', 'endLine']) shifts.set(key, 1);
    if (!columnsStartAt1) for (const key of ['column', 'endColumn']) shifts.set(key, 1);
    this.shifts = shifts;
  }

  fromClient<T>(value: T): T {
    return this.shifts.size === 0 ? value : (this.shift(value, 1) as T);
  }

  toClient<T>(value: T): T {
    return this.shifts.size === 0 ? value : (this.shift(value, -1) as T);
  }

  private shift(value: unknown, direction: 1 | -1): unknown {
    if (Array.isArray(value)) return value.map((element) => this.shift(element, direction));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => {
        const shift = this.shifts.get(key);
        return [
          key,
          shift !== undefined && typeof member === 'number' ? Math.max(0, member + shift * direction) : this.shift(member, direction),
        ];
      }),
    );
  }
}
