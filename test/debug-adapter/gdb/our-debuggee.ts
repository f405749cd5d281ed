import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { Debuggee } from '../../../debug-adapter/debuggee';
import { nodeBuildHost } from '../../../debug-adapter/node-build-host';
import type { StopReason } from '../../../debug-adapter/stop-reason';
import { findModel, type Model } from '../../../ftrace/models/models';
import { callSiteSize } from '../../../program/elf/call-sites';
import type { Program } from '../../../program/program';
import { readProgram } from '../../../program/read-program';
import { randomBelow } from '../../support/random';

/** How often a program stops at one instruction, in both debuggers. */
export const hits = 2;

/** A program with the debug information that is in other files. */
export function programAt(path: string): Program {
  const debugFiles = { folder: dirname(path), open: (file: string) => nodeBuildHost.openDebugFile!(file) };
  return readProgram(readFileSync(path), basename(path), new Map(), undefined, debugFiles);
}

export function debuggeeOf(program: Program, stopped: (reason: StopReason) => void = () => undefined, name = 'program.elf'): Debuggee {
  const events = { output() {}, stopped, turn() {} };
  return new Debuggee(program, { arguments: [name] }, findModel() as Model, events);
}

/** Random instructions of a source's functions. */
export function chooseStops(program: Program, source: string, count: number, seed = 11): number[] {
  const all: number[] = [];
  for (const { address, size, kind } of program.symbols.all) {
    const entry = kind === 'function' ? program.debugInfo.functionOf(address) : undefined;
    const unit = entry?.unit.root.name;
    // What GCC has optimised when linking has a unit that names no source.
    if (!unit?.endsWith(source) && unit !== '<artificial>') continue;
    const segment = program.segments.find((each) => address >= each.address && address < each.address + each.size)!;
    const isSite = program.callSites.some((site) => site.address === address);
    for (let place = address; place < address + size; ) {
      // The machine has other instructions in call sites than the file: ftrace has put them there.
      if (!isSite || place === address || place >= address + callSiteSize) all.push(Number(place));
      place += (segment.bytes[Number(place - segment.address)]! & 3) === 3 ? 4n : 2n;
    }
  }
  const random = randomBelow(seed);
  return [...new Set(Array.from({ length: count }, () => all[random(all.length)]!))];
}

/** Goes on from one of the instructions to the next, to each as often as gdb does. */
export function* visitStops(debuggee: Debuggee, stops: readonly number[]): Generator<bigint> {
  const { machine } = debuggee;
  for (const address of stops) machine.setBreakpoint(BigInt(address));
  const seen = new Map<bigint, number>();
  for (let stop = machine.run(1e8); stop.kind === 'breakpoint' || stop.kind === 'hook'; stop = machine.run(1e8)) {
    if (stop.kind === 'hook') continue;
    const { pc } = machine;
    seen.set(pc, (seen.get(pc) ?? 0) + 1);
    if (seen.get(pc)! >= hits) machine.clearBreakpoint(pc);
    debuggee.forgetStack();
    yield pc;
  }
}

/** gdb's text with its addresses of the stack as ours: qemu has the stack higher by `shift`. */
export function withStackAt(text: string, shift: bigint): string {
  return text.replace(/0x40[0-9a-f]{8}\b/g, (address) => `0x${(BigInt(address) - shift).toString(16)}`);
}
