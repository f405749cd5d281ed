import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { ProtocolClient } from '@vscode/debugadapter-testsupport/lib/protocolClient';
import type { DebugProtocol } from '@vscode/debugprotocol';

/** A C program, and a line that it comes to more than once. */
export interface WarmUp {
  readonly program: string;
  readonly source: string;
  readonly line: number;
}

/**
 * Debugs a program as people do, with the adapter behind these streams: a breakpoint, the stack, variables, a marker, steps, and on to the
 * end. What runs there is in the code that is kept. Throws where a request fails.
 */
export async function debugProgram({ program, source, line }: WarmUp, fromAdapter: Readable, toAdapter: Writable): Promise<void> {
  const client = new Client(fromAdapter, toAdapter);
  const ask = <Body>(command: string, args?: object) => client.ask<Body>(command, args);
  const initialized = once(client, 'initialized');
  await ask('initialize', { adapterID: 'riscv-ftrace', linesStartAt1: true, columnsStartAt1: true, pathFormat: 'path' });
  await ask('launch', { program });
  await initialized;
  await ask('setBreakpoints', { source: { path: source }, breakpoints: [{ line }] });
  await ask('setTraceMarkers', { markers: [{ function: 'block_read', source }] });
  let stopped = once(client, 'stopped');
  const ended = once(client, 'terminated');
  await ask('configurationDone');
  for (const motion of ['next', 'stepIn', 'stepOut', 'continue']) {
    await stopped;
    await ask('threads');
    const { stackFrames } = await ask<DebugProtocol.StackTraceResponse['body']>('stackTrace', { threadId: 1 });
    const frameId = stackFrames[0]!.id;
    const { scopes } = await ask<DebugProtocol.ScopesResponse['body']>('scopes', { frameId });
    for (const { variablesReference } of scopes) await ask('variables', { variablesReference });
    await ask('evaluate', { expression: '$sp', frameId, context: 'watch' });
    stopped = once(client, 'stopped');
    if (motion === 'continue') await ask('setBreakpoints', { source: { path: source }, breakpoints: [] });
    await ask(motion, { threadId: 1 });
  }
  await ended;
  await ask('disconnect');
}

class Client extends ProtocolClient {
  constructor(fromAdapter: Readable, toAdapter: Writable) {
    super();
    this.connect(fromAdapter, toAdapter);
  }

  /** What the adapter answers. */
  async ask<Body>(command: string, args?: object): Promise<Body> {
    const { body } = (await this.send(command, args)) as DebugProtocol.Response;
    return body as Body;
  }
}
