import type { MachineStatistics } from '../machine';

/** What the translator has decided, as lines for people: numbers, and of reasons those that occurred. */
export function statisticsText(statistics: MachineStatistics, instructions: bigint): string[] {
  const { regions, resting, bytes, translated, milliseconds, dropped, notTranslated, exits, hookCalls, comeTos, isKeptInBaseline } =
    statistics;
  const sorted = [...milliseconds].sort((one, other) => one - other);
  const within = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(2);
  return [
    `instructions    ${instructions}`,
    `regions         ${regions} in ${bytes} bytes of WebAssembly, ${resting} of them at rest; ${translated} made, half of them within ${within(0.5)} ms each and 90 in 100 within ${within(0.9)}`,
    `dropped         ${reasons(dropped)}`,
    `not translated  ${reasons(notTranslated)}`,
    `interpreter     came to ${comeTos} hot places${isKeptInBaseline ? ', too few for optimising it' : ''}`,
    `left for the interpreter  ${reasons(exits)}`,
    `left for the debugger     ${reasons(hookCalls)}`,
  ];
}

function reasons(counts: Readonly<Record<string, number | bigint>>): string {
  const occurred = Object.entries(counts).filter(([, count]) => count > 0);
  return occurred.length === 0 ? 'none' : occurred.map(([reason, count]) => `${count} ${nameOf(reason)}`).join(', ');
}

/** `environmentCall` as words. */
function nameOf(reason: string): string {
  return reason.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
