import { readFileSync } from 'node:fs';
import type { Debuggee } from '../../../debug-adapter/debuggee';
import { type Motion, startProgram, stepLine, stepOut, stepOutOfInlined } from '../../../debug-adapter/motions';
import type { StopReason } from '../../../debug-adapter/stop-reason';
import type { Program } from '../../../program/program';
import { readProgram } from '../../../program/read-program';
import { randomBelow } from '../../support/random';
import { chooseStops, debuggeeOf } from './our-debuggee';
import type { GdbTask } from './run-gdb';

/** Runs to random instructions and steps on from there: to be compared with where gdb's commands lead. */
export function stepsComparison(path: string, source: string, seed: number, runs: number) {
  const program = readProgram(readFileSync(path), 'program.elf');
  const places = [...chooseStops(program, source, runs, seed)];
  const random = randomBelow(seed);
  const walks = places.map((place) => [`*0x${place.toString(16)}`, ...Array.from({ length: walkLength }, () => commands[random(5)]!)]);
  const tasks = walks.map((walk): GdbTask => ({ kind: 'steps', program: path, commands: walk }));
  return {
    tasks,
    /** The walks that lead elsewhere, with what was right before. */
    async compare(answers: readonly unknown[]): Promise<{ readonly steps: number; readonly disagreements: readonly string[] }> {
      const disagreements: string[] = [];
      let steps = 0;
      for (const [index, walk] of walks.entries()) {
        const theirs = untilStart(answers[index] as string[]);
        const ours = await ourPlaces(program, walk);
        const wrong = theirs.findIndex((place, at) => withoutParameters(place) !== ours[at]);
        steps += wrong < 0 ? theirs.length : wrong;
        if (wrong < 0 || isExcused(walk[wrong]!, ours[wrong]!, theirs[wrong]!)) continue;
        const way = walk.slice(0, wrong + 1).map((command, at) => `${command} ${at < wrong ? theirs[at] : ''}`);
        disagreements.push(`${way.join('; ')}: ours ${ours[wrong]}, gdb's ${theirs[wrong]}`);
      }
      return { steps, disagreements };
    },
  };
}

const walkLength = 9;

/** Start code that says neither its lines nor its size gdb runs through to its end; we step by instruction. */
function untilStart(places: readonly string[]): readonly string[] {
  const start = places.findIndex((place) => place.startsWith('_start:'));
  return start < 0 ? places : places.slice(0, start + 1);
}

function withoutParameters(place: string): string {
  return place.replace(/\(.*\)(?: const)?(?=:\d+ at)/, '');
}

function isExcused(command: string, ours: string, theirs: string): boolean {
  // LLVM 19 describes no epilogues: gdb then takes a wrong frame for the caller.
  if (command === 'finish' && /^(_start|null|None):0 /.test(theirs)) return true;
  // gdb calls the body of a lambda by what it is in, or by half of its name.
  return ours.startsWith('operator()');
}

const commands = ['next', 'next', 'step', 'step', 'finish'] as const;

async function ourPlaces(program: Program, walk: readonly string[]): Promise<string[]> {
  let stopped: (reason: StopReason) => void = () => undefined;
  const debuggee = debuggeeOf(program, (reason) => stopped(reason));
  const places: string[] = [];
  for (const command of walk) {
    const reason = new Promise<StopReason>((resolve) => {
      stopped = resolve;
    });
    if (!execute(debuggee, command) || (await reason).kind === 'exit') return [...places, 'no program'];
    const frame = debuggee.frame(0)!;
    if (command.startsWith('*')) debuggee.sites.remove(frame.pc, 'instruction');
    places.push(`${frame.name}:${frame.place?.line ?? 0} at 0x${frame.pc.toString(16)}`);
  }
  debuggee.dispose();
  return places;
}

/** False where there is nothing to be done. */
function execute(debuggee: Debuggee, command: string): boolean {
  if (command.startsWith('*')) {
    debuggee.sites.add(BigInt(command.slice(1)), 'instruction');
    debuggee.resume(startProgram(debuggee));
    return true;
  }
  const motion = motionOf(debuggee, command);
  if (motion) debuggee.resume(motion);
  return motion !== undefined;
}

function motionOf(debuggee: Debuggee, command: string): Motion | undefined {
  if (command !== 'finish') return stepLine(debuggee, command === 'step');
  const top = debuggee.frame(0);
  if (top?.isInlined && top.activation) return stepOutOfInlined(debuggee, top.activation.entry);
  const caller = top && debuggee.stack.callerOf(top);
  return caller && stepOut(debuggee, { address: caller.pc, sp: caller.x[2] ?? 0n });
}
