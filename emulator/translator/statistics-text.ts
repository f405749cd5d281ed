import type { MachineStatistics } from '../machine';
import type { RegionExit } from './region-interface';

/** Why regions were left, in words. */
const exitTexts: Readonly<Record<RegionExit, string>> = {
  fuel: 'near the end of a slice',
  check: 'before an access elsewhere',
  misaligned: 'before a misaligned access or jump',
  environmentCall: 'before an ecall',
  breakpoint: 'before an ebreak',
  fenceI: 'before a fence.i',
  stop: 'before a breakpoint or hook',
  instruction: 'before an instruction that is not translated',
  float: 'before floating-point arithmetic that is not plain',
  rounding: 'before a reserved rounding mode',
  indirect: 'by a jump to a new target',
  hook: 'for the callback of a hook',
};

/** What the translator has decided, as lines for people: numbers, and of reasons those that occurred. */
export function statisticsText(statistics: MachineStatistics, instructions: bigint): string[] {
  const { regions, resting, bytes, translated, milliseconds, dropped, notTranslated, exits, hookCalls, comeTos, isKeptInBaseline } =
    statistics;
  const sorted = [...milliseconds].sort((one, other) => one - other);
  const within = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(2);
  return [
    `instructions    ${instructions} executed`,
    `regions         ${regions} of hot code, in ${bytes} bytes of WebAssembly, ${resting} of them at rest`,
    `made            ${translated}, half of them within ${within(0.5)} ms each and nine in ten within ${within(0.9)} ms`,
    `dropped         ${reasons(dropped)}`,
    `not translated  ${reasons(notTranslated)}`,
    `interpreter     ${comeTos} calls, jumps and rounds of loops${isKeptInBaseline ? ', too few for optimising it' : ''}`,
    `left for the interpreter  ${reasons(exits, exitTexts)}`,
    `left for the debugger     ${reasons(hookCalls)}`,
  ];
}

function reasons(counts: Readonly<Record<string, number | bigint>>, texts: Readonly<Record<string, string>> = {}): string {
  const occurred = Object.entries(counts).filter(([, count]) => count > 0);
  return occurred.length === 0 ? 'none' : occurred.map(([reason, count]) => `${count} ${texts[reason] ?? reason}`).join(', ');
}
