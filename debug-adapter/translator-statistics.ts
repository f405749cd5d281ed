import { statisticsText } from '../emulator/translator/statistics-text';
import type { LaunchedProgram } from './launch';
import type { TranslatorStatisticsResponseBody } from './trace-protocol';

export function translatorStatistics({ debuggee: { machine } }: LaunchedProgram): TranslatorStatisticsResponseBody {
  return { lines: statisticsText(machine.statistics, machine.instret) };
}
