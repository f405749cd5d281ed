import type { ReadTraceResponseBody } from '../../debug-adapter/trace-protocol';

/** The text of a trace document: the kernel's header, how many lines were left out, the lines. */
export function traceText({ header, lines, first }: ReadTraceResponseBody): string {
  const note = first > 0 ? [`# ${first.toLocaleString('en-US')} earlier lines are not shown`] : [];
  return [...header.split('\n').filter((line) => line !== ''), ...note, ...lines, ''].join('\n');
}
