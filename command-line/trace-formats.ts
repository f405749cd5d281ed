/** What a trace can be written as. */
export const traceFormats = ['text', 'json', 'chrome', 'cpuprofile', 'folded', 'trace.dat', 'trace.dat.v6'] as const;
export type TraceFormat = (typeof traceFormats)[number];
