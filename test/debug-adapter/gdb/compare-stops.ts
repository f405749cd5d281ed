import type { Debuggee } from '../../../debug-adapter/debuggee';
import { FrameMemory } from '../../../debug-adapter/frame-memory';
import type { Frame } from '../../../debug-adapter/stack-walk';
import { evaluateIn } from '../../../debug-adapter/values';
import { At } from '../../../program/dwarf/entries/constants';
import { callSiteSize } from '../../../program/elf/call-sites';
import { variablesOf } from '../../../program/frames/activations';
import type { Program } from '../../../program/program';
import { typeName } from '../../../program/types/type-name';
import { formatValue } from '../../../program/values/format/format-value';
import { chooseStops, debuggeeOf, hits, programAt, visitStops, withStackAt } from './our-debuggee';
import type { GdbTask } from './run-gdb';

/** A frame as either debugger has it; variables are name, value and type. */
interface FrameText {
  readonly name: string | null;
  readonly line: number;
  readonly variables: readonly (readonly [string, string, string])[];
}

interface StopText {
  readonly pc: number;
  readonly sp: bigint;
  readonly frames: readonly FrameText[];
  /** Null where the expression cannot be evaluated. */
  readonly expressions: readonly (string | null)[];
}

export interface Comparison {
  readonly stops: number;
  readonly values: number;
  readonly disagreements: readonly string[];
}

/** Stops at random instructions of a source's functions: to be compared with what gdb answers to the task. */
export function stopsComparison(path: string, source: string, count: number, expressions: readonly string[]) {
  const program = programAt(path);
  const stops = chooseStops(program, source, count);
  const task: GdbTask = { kind: 'stops', program: path, stops, hits, expressions };
  return {
    task,
    compare(answer: unknown): Comparison {
      const theirs = (answer as (StopText & { sp: string })[]).map((stop) => ({ ...stop, sp: BigInt(stop.sp) }));
      return compare(program, ourStops(program, stops, expressions), theirs, expressions);
    },
  };
}

function ourStops(program: Program, stops: readonly number[], expressions: readonly string[]): StopText[] {
  const debuggee = debuggeeOf(program);
  const found: StopText[] = [];
  for (const pc of visitStops(debuggee, stops)) {
    const frames = debuggee.stack.slice(0, 30).map((frame) => frameText(debuggee, frame));
    const values = expressions.map((each) => evaluated(debuggee, each));
    found.push({ pc: Number(pc), sp: debuggee.machine.readX(2), frames, expressions: values });
  }
  return found;
}

function frameText(debuggee: Debuggee, frame: Frame): FrameText {
  const memory = new FrameMemory(debuggee, frame.index);
  const entries = (frame.activation ? variablesOf(frame.activation) : []).filter((entry) => entry.fullName && !entry.flag(At.declaration));
  const variables = entries.map((entry) => {
    const value = frame.scope.valueOf(entry);
    return [entry.fullName!, formatValue(value, memory), typeName(value.type)] as const;
  });
  return { name: frame.name, line: frame.place?.line ?? 0, variables };
}

function evaluated(debuggee: Debuggee, expression: string): string | null {
  try {
    const frame = debuggee.frame(0);
    return formatValue(evaluateIn(debuggee, frame, expression, { isReadOnly: true }), new FrameMemory(debuggee, 0));
  } catch {
    return null;
  }
}

function compare(program: Program, ours: readonly StopText[], theirs: readonly StopText[], expressions: readonly string[]): Comparison {
  const disagreements: string[] = [];
  if (ours.length !== theirs.length) disagreements.push(`we stop ${ours.length} times, gdb ${theirs.length} times`);
  let values = 0;
  const shift = (theirs[0]?.sp ?? 0n) - (ours[0]?.sp ?? 0n);
  for (const [index, own] of ours.entries()) {
    const other = theirs[index];
    if (!other) break;
    const at = `stop ${index} at 0x${own.pc.toString(16)}`;
    const note = (what: string, a: unknown, b: unknown) => disagreements.push(`${at}: ${what}: ours ${a}, gdb's ${b}`);
    if (own.pc !== other.pc) {
      note('pc', own.pc.toString(16), other.pc.toString(16));
      break;
    }
    if (!compareStacks(program, own, other, note)) continue;
    // Before its prologue is done a function's variables are what was on the stack, which differs.
    const isInPrologue = BigInt(own.pc) < (program.lines.bodyAddress(program.symbols.functionAt(BigInt(own.pc))!) ?? 0n);
    for (const [depth, frame] of other.frames.entries()) {
      if (isInPrologue && depth === 0) continue;
      const rest = [...own.frames[depth]!.variables];
      for (const [name, value, type] of frame.variables) {
        values++;
        const theirText = normal(value, shift);
        // What is in a block of an inlined function gdb has once more outside of the block, where it is nowhere.
        const isTwice = theirText === '<optimized out>' && frame.variables.filter((each) => each[0] === name).length > 1;
        if (isTwice) continue;
        const mine = takeOf(rest, name, theirText);
        if (!mine) note(`#${depth} ${frame.name} ${name}`, 'nothing', theirText);
        else if (!isSame(mine[1], theirText) && !isExcused(mine[1], theirText, depth))
          note(`#${depth} ${frame.name} ${name}`, mine[1], theirText);
        else if (mine[2] !== type && !type.includes('[variable length]') && !mine[2].includes('[]')) note(`type of ${name}`, mine[2], type);
      }
    }
    for (const [position, expression] of (isInPrologue ? [] : expressions).entries()) {
      values++;
      const theirText = other.expressions[position] ?? null;
      const known = theirText === null || theirText.startsWith('<error') ? null : normal(theirText, shift);
      const text = known?.startsWith('<optimized') ? null : known;
      const mine = own.expressions[position] ?? '';
      const isLost = text === null && (mine === '' || mine.includes('<optimized out>') || mine.includes('<error'));
      if (!isSame(mine, text) && !isLost && !isFunctionOf(program, mine, text ?? '')) note(expression, mine, text);
    }
  }
  return { stops: ours.length, values, disagreements };
}

/** Of our variables of a name, each of which counts once, the one with gdb's value or else the outermost. */
function takeOf(rest: FrameText['variables'][number][], name: string, value: string) {
  const named = rest.filter((each) => each[0] === name);
  const taken = named.find((each) => isSame(each[1], value)) ?? named[0];
  if (taken) rest.splice(rest.indexOf(taken), 1);
  return taken;
}

/** False where the rest of a stop cannot be compared, because gdb does not know what we do. */
function compareStacks(program: Program, own: StopText, other: StopText, note: (what: string, a: unknown, b: unknown) => void): boolean {
  const mine = own.frames.map(({ name, line }) => `${name}:${line}`);
  const theirs = other.frames.map(({ name, line }) => `${name === null ? null : withoutParameters(name)}:${line}`);
  if (mine.join() === theirs.join()) return true;
  // GCC describes a function from behind its call site on, which gdb then does not know.
  const isInCallSite = program.callSites.some(({ address }) => own.pc >= address && own.pc < address + callSiteSize);
  if (isInCallSite) return false;
  // LLVM 19 describes no epilogues: gdb then finds no caller, or a wrong one.
  const isLlvm = program.debugInfo.entries.units.some(({ root }) => root.text(At.producer)?.includes('clang'));
  if (isLlvm && (theirs.length < mine.length || theirs.some((each) => each.startsWith('null:')))) return false;
  // gdb calls the body of a lambda by what it is in, or by half of its name.
  if (mine.some((each) => each.startsWith('operator()'))) return false;
  note('stack', mine.join(' < '), theirs.join(' < '));
  return false;
}

/** gdb's name of an instance of a template has its parameters. */
function withoutParameters(name: string): string {
  let depth = 0;
  for (let at = name.length - 1; at >= 0; at--) {
    if (name[at] === ')') depth++;
    if (name[at] === '(' && --depth === 0)
      return /\)( const)?$/.test(name) && !/operator$/.test(name.slice(0, at)) ? name.slice(0, at) : name;
  }
  return name;
}

function normal(text: string, shift: bigint): string {
  // gdb takes GCC's and LLVM's names of static variables for those of another language.
  const result = withStackAt(text.replace(/<(\w+)\[(\w+)\]>/g, '<$1.$2>'), shift);
  // Where all of an object is optimised out gdb's command says so at once, its Python for each member.
  const parts = result.replace(/[\w.$<>]+ = |<optimized out>|<invalid address>|<repeats \d+ times>|[{}, ]/g, '');
  return parts === '' && result.startsWith('{') ? '<optimized out>' : result;
}

/** A function of GCC starts for gdb behind its call site, where its debug information does; for us where it is called. */
function isFunctionOf(program: Program, mine: string, theirs: string): boolean {
  const [own, other] = [mine, theirs].map((each) => /^(?:\{.*\} )?0x([0-9a-f]+) <.*>$/.exec(each)?.[1]);
  // gdb takes the first place that `add` is inlined at for the function.
  if (/<add>$/.test(mine) && /<visit\+\d+>$/.test(theirs)) return true;
  if (own === undefined || other === undefined) return false;
  return (
    BigInt(`0x${other}`) === BigInt(`0x${own}`) + callSiteSize && program.callSites.some(({ address }) => address === BigInt(`0x${own}`))
  );
}

/** gdb calls a lost piece of a record a synthetic pointer, also where its member is none. */
function isSame(mine: string, theirs: string | null): boolean {
  // Of a class in construction it adds the offset of a virtual base twice.
  const isTwice = mine.startsWith('{<VB> = {vb = 5}, _vptr') && mine === theirs?.replace('{vb = 0}', '{vb = 5}');
  return isTwice || mine === theirs || (mine.startsWith('{') && mine === theirs?.replaceAll('<synthetic pointer>', '<optimized out>'));
}

/** Where gdb is wrong, or says less. */
function isExcused(mine: string, theirs: string, depth: number): boolean {
  // gdb takes a register that the called function may have changed for that of the caller.
  if (mine === '<not saved>' && depth > 0) return true;
  // The length of an array is not known: gdb shows an address of 0.
  if (mine.startsWith('<') && (theirs === '0x0' || /max-value-size/.test(theirs))) return true;
  if (mine === '{}' && theirs.startsWith('0x')) return true;
  return theirs === '<incomplete type>' || mine === 'nullptr';
}
