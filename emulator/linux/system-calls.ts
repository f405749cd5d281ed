import { descriptorCalls } from './calls/descriptor-calls';
import { memoryCalls } from './calls/memory-calls';
import { pathCalls } from './calls/path-calls';
import { pollCalls } from './calls/poll-calls';
import { processCalls } from './calls/process-calls';
import { signalCalls } from './calls/signal-calls';
import { timeCalls } from './calls/time-calls';
import { transferCalls } from './calls/transfer-calls';
import type { SystemCall } from './process-state';

/** The calls that are served, by Linux's name. */
export const systemCalls: ReadonlyMap<string, SystemCall> = new Map(
  [transferCalls, descriptorCalls, pathCalls, pollCalls, memoryCalls, signalCalls, timeCalls, processCalls].flatMap((family) =>
    Object.entries(family),
  ),
);
