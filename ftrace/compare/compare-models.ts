import type { Machine, Stop } from '../../emulator/machine';
import type { Program } from '../../program/program';
import { decode } from '../../riscv/decode';
import { Ftrace } from '../ftrace';
import { FtraceError } from '../ftrace-error';
import type { Model } from '../models/model';
import { selectFunctions } from '../select-functions';

/** What a traced call costs under a model, measured on a program. */
export interface ModelCost {
  readonly model: Model;
  readonly calls: number;
  /** Bytes of the guest's stack that the trampoline's frame takes. */
  readonly stack: number;
  /** Instructions that a traced call retires more than one that is not traced. */
  readonly instructions: number;
  /** Bytes that the hart loads and stores between the call site and the function's own first instruction. */
  readonly loaded: number;
  readonly stored: number;
  /** Instructions that turning the call site on writes. */
  readonly written: number;
  /** Whether every hart had to stand still for that. */
  readonly stopsMachine: boolean;
}

export interface ComparedProgram {
  readonly machine: Machine;
  readonly program: Program;
}

/** Instructions between two looks at whether to go on. */
const slice = 1 << 24;
/** Calls and instructions after which a program that goes on, perhaps for ever, is measured no further. */
const mostCalls = 100_000;
const mostInstructions = 1n << 29n;
const accessSizes: Readonly<Record<string, number>> = { b: 1, bu: 1, h: 2, hu: 2, w: 4, wu: 4, d: 8 };

/**
 * Runs the program twice, traced and not, and measures what its calls of the functions cost. `load` gives it anew each time, built for
 * the model. Throws FtraceError (EINVAL), with the reason, where it cannot be traced or makes no such call.
 */
export async function measureModel(model: Model, patterns: readonly string[], load: () => Promise<ComparedProgram>): Promise<ModelCost> {
  const [plain, traced] = [await load(), await load()];
  Ftrace.install(plain.machine, plain.program, { model });
  const ftrace = Ftrace.install(traced.machine, traced.program, { model });
  const { functions, problems } = selectFunctions(patterns, ftrace, traced.program);
  const problem = problems[0] ?? (functions.length === 0 ? 'no function is named' : undefined);
  if (problem !== undefined) throw new FtraceError('EINVAL', problem);

  const sites = functions.map(({ address }) => address);
  const before = sites.map((address) => wordsAt(traced.machine, address));
  const stops = ftrace.registry.stops;
  ftrace.setTraced(functions);
  const after = sites.map((address) => wordsAt(traced.machine, address));
  const written = before[0]!.filter((word, index) => word !== after[0]![index]).length;

  const meter = new Meter(traced.machine, ftrace, sites);
  if (!meter.result) throw new FtraceError('EINVAL', 'the program makes no call of these functions');
  // The first call is behind it already.
  const counted = runCounting(traced.machine, sites, 1, mostCalls);
  const same = runCounting(plain.machine, sites, 0, counted.ended ? Number.POSITIVE_INFINITY : counted.calls);
  const calls = counted.ended ? counted.calls : counted.calls - 1;
  if (calls === 0) throw new FtraceError('EINVAL', 'the program makes only one call of these functions and goes on for too long');
  const instructions = Number(counted.instret - same.instret) / calls;
  return { model, calls, instructions, written, stopsMachine: ftrace.registry.stops > stops, ...meter.result };
}

function wordsAt({ memory }: Machine, address: bigint): readonly (bigint | undefined)[] {
  return [memory.load(address, 4), memory.load(address + 4n, 4)];
}

/**
 * Runs the program to its end, or to the call of that number: how many calls of the functions there were, and the instructions up to
 * its end or to the last of them.
 */
function runCounting(machine: Machine, sites: readonly bigint[], before: number, most: number) {
  let [calls, instret] = [before, machine.instret];
  for (const site of sites) {
    machine.setHook(site, () => {
      calls++;
      instret = machine.instret;
      return calls >= most ? 'stop' : 'continue';
    });
  }
  let stop: Stop = { kind: 'budget' };
  while (stop.kind === 'budget' && machine.instret < mostInstructions) stop = machine.run(slice);
  if (stop.kind === 'exception') throw new FtraceError('EINVAL', `the program dies: ${stop.exception.message}`);
  const ended = stop.kind !== 'hook' && stop.kind !== 'budget';
  return { calls, ended, instret: ended ? machine.instret : instret };
}

/** Follows the first traced call from its call site to the function's own first instruction. */
class Meter {
  result: { stack: number; loaded: number; stored: number } | undefined;

  constructor(
    private readonly machine: Machine,
    private readonly ftrace: Ftrace,
    sites: readonly bigint[],
  ) {
    const stopped = new Set(sites);
    for (const site of sites) machine.setBreakpoint(site);
    let stop = machine.run(slice);
    while (stop.kind === 'budget' && machine.instret < mostInstructions) stop = machine.run(slice);
    for (const site of sites) machine.clearBreakpoint(site);
    if (stop.kind === 'breakpoint' && stopped.has(machine.pc)) this.follow(machine.pc + 8n);
  }

  private follow(end: bigint): void {
    const machine = this.machine;
    const sp = 2;
    const top = machine.readX(sp);
    let [lowest, loaded, stored] = [top, 0, 0];
    while (machine.pc !== end) {
      const instruction = decode(Number(machine.memory.load(machine.pc, 4) ?? 0n));
      const [, access, size] = /^([ls])(bu?|hu?|wu?|d)$/.exec(instruction?.meaning ?? '') ?? [];
      if (access === 'l') loaded += accessSizes[size!]!;
      if (access === 's') stored += accessSizes[size!]!;
      machine.step();
      const live = this.ftrace.frameAt(machine.pc, machine.readX(sp));
      if (live && machine.readX(sp) < lowest) lowest = machine.readX(sp);
    }
    this.result = { stack: Number(top - lowest), loaded, stored };
  }
}

const columns = [
  ['stack bytes', (cost: ModelCost) => String(cost.stack)],
  ['instructions', (cost: ModelCost) => cost.instructions.toFixed(cost.instructions % 1 === 0 ? 0 : 2)],
  ['bytes loaded', (cost: ModelCost) => String(cost.loaded)],
  ['bytes stored', (cost: ModelCost) => String(cost.stored)],
  ['written', (cost: ModelCost) => String(cost.written)],
  ['harts stop', (cost: ModelCost) => (cost.stopsMachine ? 'yes' : 'no')],
] as const;

/** The costs as a table: a line a model, or why there is none. */
export function costTable(rows: readonly (ModelCost | { readonly model: Model; readonly problem: string })[]): string {
  const name = ({ model }: { model: Model }) => (model.name === 'args' ? `args, ${model.patching}` : model.name);
  const head = `${'model'.padEnd(14)}${columns.map(([title]) => title.padStart(14)).join('')}   kernels\n`;
  const lines = rows.map((row) => {
    if ('problem' in row) return `${name(row).padEnd(14)}${row.problem}\n`;
    return `${name(row).padEnd(14)}${columns.map(([, text]) => text(row).padStart(14)).join('')}   ${row.model.kernels}\n`;
  });
  return head + lines.join('');
}
