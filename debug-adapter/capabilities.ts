import type { DebugProtocol } from '@vscode/debugprotocol';

/** The exception filter for faults whose signal has a handler; those without one stop in any case. */
export const handledFaults = 'handled-faults';

/** What this adapter can do, and nothing else. */
export const capabilities: DebugProtocol.Capabilities = {
  supportsConfigurationDoneRequest: true,
  supportsFunctionBreakpoints: true,
  supportsConditionalBreakpoints: true,
  supportsHitConditionalBreakpoints: true,
  supportsLogPoints: true,
  supportsInstructionBreakpoints: true,
  supportsBreakpointLocationsRequest: true,
  supportsSteppingGranularity: true,
  supportsSetVariable: true,
  supportsSetExpression: true,
  supportsEvaluateForHovers: true,
  supportsCompletionsRequest: true,
  supportsValueFormattingOptions: true,
  supportsDisassembleRequest: true,
  supportsReadMemoryRequest: true,
  supportsWriteMemoryRequest: true,
  supportsLoadedSourcesRequest: true,
  supportsExceptionInfoRequest: true,
  exceptionBreakpointFilters: [
    {
      filter: handledFaults,
      label: 'Faults with a handler',
      description: 'Stop at a bad access or an illegal instruction even where the program has a signal handler for it.',
      default: false,
    },
  ],
  supportsDelayedStackTraceLoading: true,
  supportsRestartRequest: true,
  supportsTerminateRequest: true,
};
