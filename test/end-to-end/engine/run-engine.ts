import { LinuxProcess } from '../../../emulator/linux/linux-process';
import { Ftrace } from '../../../ftrace/ftrace';
import { assemble } from '../../../program/assembler/assemble';
import { readProgram } from '../../../program/read-program';

const text = `
        .globl _start
_start: li a0, 18
        call fib
        mv s1, a0
        fcvt.d.l fa0, s1
        li s2, 3000
1:      fmadd.d fa0, fa0, fa0, fa0
        fsqrt.d fa0, fa0
        addi s2, s2, -1
        bnez s2, 1b
        andi a0, s1, 255
        li a7, 93
        ecall
        .type fib, @function
fib:    li a5, 1
        bleu a0, a5, 2f
        addi sp, sp, -32
        sd ra, 24(sp)
        sd s0, 16(sp)
        sd s1, 8(sp)
        mv s0, a0
        addi a0, s0, -1
        call fib
        mv s1, a0
        addi a0, s0, -2
        call fib
        add a0, a0, s1
        ld ra, 24(sp)
        ld s0, 16(sp)
        ld s1, 8(sp)
        addi sp, sp, 32
2:      ret
        .size fib, .-fib
`;

/** A traced program to its end, translated as usual and interpreted: what came of each, and whether code was translated. */
export function runEngine(): { results: string[]; translated: number; leftForHooks: number } {
  const { image } = assemble([{ path: 'engine.s', text }], { callSites: true });
  const program = readProgram(image!, 'engine');
  const host = { write: () => {}, read: () => 'end' as const, note: () => {} };
  const machines = [undefined, 0].map((hotAfter) => {
    const { machine } = LinuxProcess.start(program, { arguments: ['engine'], host, ...(hotAfter !== undefined && { hotAfter }) });
    const ftrace = Ftrace.install(machine, program);
    ftrace.enable(program.symbols.named('fib')!.address);
    const stop = machine.run(2 ** 31 - 1);
    const registers = Array.from({ length: 32 }, (_, index) => `${machine.readX(index)} ${machine.readF(index)}`);
    const last = ftrace.trace.record(ftrace.trace.written - 1)!;
    const trace = `${ftrace.trace.written} ${ftrace.functions.map(({ hits }) => hits)} ${last.timestamp} ${last.words.join(' ')}`;
    return { machine, result: `${JSON.stringify(stop)} ${machine.instret} ${registers.join(' ')} ${trace}` };
  });
  const { translated, exits } = machines[0]!.machine.statistics;
  return { results: machines.map(({ result }) => result), translated, leftForHooks: Number(exits.hook) };
}
