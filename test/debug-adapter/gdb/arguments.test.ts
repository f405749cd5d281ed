import { strict as assert } from 'node:assert';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Debuggee } from '../../../debug-adapter/debuggee';
import { FrameMemory } from '../../../debug-adapter/frame-memory';
import { argumentsOf, argumentValue } from '../../../program/frames/call-arguments';
import { readProgram } from '../../../program/read-program';
import { formatValue } from '../../../program/values/format/format-value';
import { requireTools } from '../../support/tools';
import { buildProgram, type CompilerKind, compilers } from './corpus-programs';
import { debuggeeOf, hits, visitStops, withStackAt } from './our-debuggee';
import { runGdb } from './run-gdb';

const source = 'arguments.cpp';

interface Stop {
  readonly pc: number;
  readonly sp: string;
  readonly frames: readonly {
    readonly name: string;
    readonly variables: readonly (readonly [name: string, text: string, type: string])[];
  }[];
}

describe('arguments in registers where a function is entered are those that gdb shows behind its prologue', () => {
  const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-corpus-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const kind of ['gcc', 'clang'] as const satisfies readonly CompilerKind[]) {
    it(`of ${source} from ${kind}`, async function () {
      requireTools(this, ...compilers[kind].tools, 'qemu-riscv64', 'gdb-multiarch');
      const path = buildProgram(kind, source, ['-O0'], folder);
      const program = readProgram(readFileSync(path), 'program.elf');
      const functions = program.callSites.map(({ address }) => program.symbols.functionAt(address)!);
      const bodies = new Map(functions.map((symbol) => [Number(program.lines.breakpointAddress(symbol)), symbol.address]));
      const [answer] = await runGdb([{ kind: 'stops', program: path, stops: [...bodies.keys()], hits, expressions: [] }]);
      const theirs = new Map<bigint, Stop>();
      for (const stop of answer as readonly Stop[]) {
        const entry = bodies.get(stop.pc)!;
        if (!theirs.has(entry)) theirs.set(entry, stop);
      }
      const debuggee = debuggeeOf(program);
      const { machine } = debuggee;
      const seen = new Set<bigint>();
      const wrong: string[] = [];
      let compared = 0;
      // qemu has the stack elsewhere.
      const first = theirs.get(program.symbols.named('main')!.address)!;
      const shift = BigInt(first.sp) - stackAt(debuggeeOf(program), first.pc);
      for (const pc of visitStops(debuggee, [...bodies.values()].map(Number))) {
        const stop = theirs.get(pc);
        if (!stop || seen.has(pc)) continue;
        seen.add(pc);
        const x = Array.from({ length: 8 }, (_, index) => machine.readX(10 + index));
        const f = Array.from({ length: 8 }, (_, index) => machine.readF(10 + index));
        const shown = new Map(stop.frames[0]!.variables.map(([name, text]) => [name, text]));
        for (const argument of argumentsOf(program, pc) ?? []) {
          const value = argumentValue(argument, x, f);
          const mine = value && formatValue(value, new FrameMemory(debuggee, 0));
          const theirText = withStackAt(shown.get(argument.name) ?? '', shift);
          if (mine === undefined) continue;
          compared++;
          if (mine !== theirText) wrong.push(`${stop.frames[0]!.name} ${argument.name}: ours ${mine}, gdb's ${theirText}`);
        }
      }
      assert.deepEqual(wrong, []);
      assert.ok(seen.size > 20 && compared > 80, `${compared} of ${seen.size} functions`);
    });
  }
});

function stackAt(debuggee: Debuggee, pc: number): bigint {
  for (const _ of visitStops(debuggee, [pc])) return debuggee.machine.readX(2);
  return 0n;
}
