import { LinuxProcess } from '../emulator/linux/linux-process';
import { Ftrace } from '../ftrace/ftrace';
import { argsModel } from '../ftrace/models/args';
import { allModels, type Model } from '../ftrace/models/models';
import { selectFunctions } from '../ftrace/select-functions';
import { assemble } from '../program/assembler/assemble';
import { readProgram } from '../program/read-program';

const calls = 10_000_000;
/** The first of them warms the engine up. */
const rounds = 5;

/** Calls an empty function a million times. */
const source = `
        .globl _start
_start: li s0, ${calls}
again:  call traced
        addi s0, s0, -1
        bnez s0, again
        li a0, 0
        li a7, 93
        ecall
        .type traced, @function
traced: ret
        .size traced, .-traced
`;

const host = {
  write: () => {},
  read: () => 'end' as const,
  note: (message: string) => console.error(message),
};

interface Measured {
  readonly seconds: number;
  readonly instructions: bigint;
}

const variants: Record<string, () => Measured> = {
  'no call site': () => measure({ callSites: false, on: false }),
  'call site off': () => measure({ callSites: true, on: false }),
  ...Object.fromEntries(
    allModels.map((model) => [`on, ${model.name} ${model.patching}`, () => measure({ callSites: true, on: true, model })]),
  ),
};

const best = new Map(Object.entries(variants).map(([name, run]) => [name, fastest(Array.from({ length: rounds }, run))]));
const plain = best.get('no call site')!;
for (const [name, { seconds, instructions }] of best) {
  const more = Number(instructions - plain.instructions) / calls;
  const nanoseconds = (seconds * 1e9) / calls;
  const ratio = (seconds / plain.seconds).toFixed(2);
  console.log(`${name.padEnd(20)}${more} instructions more, ${nanoseconds.toFixed(0)} ns a call, ${ratio} times the call without a site`);
}
measureFilter(50_000);

interface Variant {
  readonly callSites: boolean;
  readonly on: boolean;
  readonly model?: Model;
}

function measure({ callSites, on, model = argsModel }: Variant): Measured {
  const program = load(source, callSites, model.lead);
  const { machine } = LinuxProcess.start(program, { arguments: ['calls'], host });
  if (callSites) {
    const ftrace = Ftrace.install(machine, program, { model });
    if (on) ftrace.enable(program.symbols.named('traced')!.address);
  }
  const start = performance.now();
  let stop = machine.run(2 ** 31 - 1);
  while (stop.kind === 'budget') stop = machine.run(2 ** 31 - 1);
  if (stop.kind !== 'exit') throw new Error(`the program ended with ${stop.kind}`);
  return { seconds: (performance.now() - start) / 1000, instructions: machine.instret };
}

/** Turns every function of a large program on, as the filter `*` does. */
function measureFilter(count: number): void {
  const texts = Array.from({ length: count }, (_, index) => `.type f${index}, @function\nf${index}: ret\n`).join('');
  const program = load(`.globl _start\n_start: ret\n${texts}`, true);
  const { machine } = LinuxProcess.start(program, { arguments: ['many'], host });
  const ftrace = Ftrace.install(machine, program);
  const start = performance.now();
  const { functions } = selectFunctions(['*'], ftrace, program);
  ftrace.setTraced(functions);
  console.log(`filter        ${count} call sites turned on in ${(performance.now() - start).toFixed(0)} ms`);
}

function fastest(all: readonly Measured[]): Measured {
  return all.reduce((one, other) => (other.seconds < one.seconds ? other : one));
}

function load(text: string, callSites: boolean, callSiteLead: 0 | 8 = 0) {
  const { image, diagnostics } = assemble([{ path: 'calls.s', text }], { callSites, callSiteLead });
  if (!image) throw new Error(diagnostics.map((one) => one.message).join('\n'));
  return readProgram(image, 'calls');
}
