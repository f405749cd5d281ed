import type { DebugProtocol } from '@vscode/debugprotocol';
import { type BreakpointConditions, makeGate, problemOf } from './breakpoint-conditions';
import type { SiteOwner } from './breakpoint-sites';
import { hex, parseAddress } from './format';
import type { LaunchedProgram } from './launch';
import type { Sources } from './sources';

/** A breakpoint of the editor and where the machine has it. */
interface Placed {
  readonly id: number;
  readonly addresses: readonly bigint[];
  /** Whether it stopped the hart when it came to it last. */
  isHit: boolean;
}

interface PlacedAddresses {
  addresses?: readonly bigint[];
  /** Those of the addresses where code of the function starts that is inlined into another. */
  inlined?: readonly bigint[];
}

/** What a request asked for, to be asked again of a restarted program. */
interface Asked {
  readonly ids: readonly number[];
  readonly place: (launched: LaunchedProgram, id: number, index: number) => DebugProtocol.Breakpoint & PlacedAddresses;
  readonly conditions: readonly BreakpointConditions[];
}

interface Answer {
  breakpoints: DebugProtocol.Breakpoint[];
}

/** The breakpoints of the editor: each request replaces those of one owner (a source, the functions, the instructions). */
export class Breakpoints {
  private readonly placed = new Map<SiteOwner, Placed[]>();
  private readonly asked = new Map<SiteOwner, Asked>();
  private nextId = 1;

  inSource(launched: LaunchedProgram, { source, breakpoints = [] }: DebugProtocol.SetBreakpointsArguments): Answer {
    return this.replace(launched, `source:${source.path ?? source.sourceReference}`, breakpoints, (now, id, index) =>
      placeLine(now, id, source, breakpoints[index]!.line, breakpoints[index]!.column),
    );
  }

  onFunctions(launched: LaunchedProgram, { breakpoints }: DebugProtocol.SetFunctionBreakpointsArguments): Answer {
    return this.replace(launched, 'function', breakpoints, (now, id, index) => placeFunction(now, id, breakpoints[index]!.name));
  }

  onInstructions(launched: LaunchedProgram, { breakpoints }: DebugProtocol.SetInstructionBreakpointsArguments): Answer {
    return this.replace(launched, 'instruction', breakpoints, (now, id, index) => placeInstruction(now, id, breakpoints[index]!));
  }

  /** Places all of them in a program that was launched again, and returns them. */
  placeAgain(launched: LaunchedProgram): DebugProtocol.Breakpoint[] {
    this.placed.clear();
    return [...this.asked].flatMap(([owner, asked]) => this.place(launched, owner, asked));
  }

  /** The breakpoints at an address: their ids, and DAP's reason for a stop there. */
  at(address: bigint): { ids: number[]; reason: string } {
    const hits = [...this.placed].flatMap(([owner, all]) =>
      all.filter(({ addresses, isHit }) => isHit && addresses.includes(address)).map(({ id }) => ({ owner, id })),
    );
    const owner = hits[0]?.owner ?? 'source';
    return { ids: hits.map(({ id }) => id), reason: owner.startsWith('source') ? 'breakpoint' : `${owner} breakpoint` };
  }

  private replace(launched: LaunchedProgram, owner: SiteOwner, conditions: readonly BreakpointConditions[], place: Asked['place']): Answer {
    for (const { addresses } of this.placed.get(owner) ?? []) {
      for (const address of addresses) launched.debuggee.sites.remove(address, owner);
    }
    const asked = { ids: conditions.map(() => this.nextId++), place, conditions };
    this.asked.set(owner, asked);
    return { breakpoints: this.place(launched, owner, asked) };
  }

  private place(launched: LaunchedProgram, owner: SiteOwner, asked: Asked): DebugProtocol.Breakpoint[] {
    const place = launched.noDebug ? refuse : asked.place;
    const results = asked.ids.map((id, index) => {
      const problem = problemOf(asked.conditions[index]!);
      return problem === undefined
        ? { id, ...place(launched, id, index) }
        : { id, verified: false, message: problem, reason: 'failed' as const };
    });
    const placed = results.map(({ id, addresses = [], inlined = [] }: Placement) => ({ id: id!, addresses, inlined, isHit: false }));
    this.placed.set(owner, placed);
    for (const [index, each] of placed.entries()) {
      const gate = makeGate(launched, asked.conditions[index]!);
      const ask = () => {
        each.isHit = gate();
        return each.isHit;
      };
      const isInside = (address: bigint) => owner !== 'function' || each.inlined.includes(address);
      for (const address of each.addresses) launched.debuggee.sites.add(address, owner, ask, isInside(address));
    }
    return results.map(({ addresses: _, inlined: __, ...breakpoint }: Placement) => breakpoint);
  }
}

type Placement = ReturnType<Asked['place']>;

function refuse(_: LaunchedProgram, id: number): Placement {
  return { id, verified: false, message: 'The program was started without debugging.', reason: 'failed' };
}

function placeLine(
  { debuggee, sources }: LaunchedProgram,
  id: number,
  source: DebugProtocol.Source,
  line: number,
  column: number | undefined,
): Placement {
  const path = sources.fromClient(source);
  if (path === undefined) return { id, verified: false, line, message: noCodeFrom(source, sources), reason: 'failed' };
  const found = debuggee.code.addressesOf(path, line, column);
  if (!found) return { id, verified: false, line, message: 'There is no code at this line or after it.', reason: 'failed' };
  const place = found.column ? { column: found.column } : {};
  return { ...placeAt(found.addresses, id), line: found.line, ...place, source: sources.toClient(path) };
}

function noCodeFrom(source: DebugProtocol.Source, sources: Sources): string {
  const namesake = sources.namesake(source);
  if (namesake === undefined) return 'The program has no code from this file.';
  return `The program has no code from this file, but from ${namesake}; "sourceMap" in launch.json tells of sources that have moved.`;
}

function placeFunction({ debuggee, sources }: LaunchedProgram, id: number, name: string): Placement {
  const { outOfLine, inlined } = debuggee.code.functionBreakpoints(name);
  const addresses = [...outOfLine, ...inlined];
  if (addresses.length === 0) return { id, verified: false, message: `The program has no function ${name}.`, reason: 'failed' };
  const row = debuggee.code.lineAt(addresses[0]!)?.row;
  return { ...placeAt(addresses, id), inlined, ...(row ? { line: row.line, source: sources.toClient(row.path) } : {}) };
}

function placeInstruction({ debuggee }: LaunchedProgram, id: number, asked: DebugProtocol.InstructionBreakpoint): Placement {
  const base = parseAddress(asked.instructionReference);
  if (base === undefined) return { id, verified: false, message: `"${asked.instructionReference}" is not an address.`, reason: 'failed' };
  const address = BigInt.asUintN(64, base + BigInt(asked.offset ?? 0));
  if (debuggee.machine.memory.load(address, 2) === undefined || address % 2n !== 0n) {
    return { id, verified: false, message: `There is no instruction at ${hex(address)}.`, reason: 'failed' };
  }
  return placeAt([address], id);
}

function placeAt(addresses: readonly bigint[], id: number): Placement {
  return { id, verified: true, instructionReference: hex(addresses[0]!), addresses };
}
