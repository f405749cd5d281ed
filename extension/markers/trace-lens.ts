import type { Marker } from './marker';
import { type MarkerReport, summaryOf } from './marker-view';

/** What the lens over a function says: what a click does, or what became of its marker. */
export function lensTitle(marker: Marker | undefined, reports: readonly MarkerReport[]): string {
  if (!marker) return 'Toggle Trace';
  const summary = summaryOf(marker, reports);
  return summary.startsWith('not traced') ? `$(circle-slash) ${summary}` : `$(pulse) traced: ${summary}`;
}
