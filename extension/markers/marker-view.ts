import type { TraceMarkerStatus } from '../../debug-adapter/trace-protocol';
import type { Marker } from './marker';

/** The pictures in `extension/icons/`. */
export const markerIcons = ['armed', 'armed-stop', 'on', 'on-stop', 'not-traceable'] as const;
export type MarkerIcon = (typeof markerIcons)[number];

/** What a session knows about a marker. */
export interface MarkerReport {
  /** The session's name. */
  readonly session: string;
  readonly ended: boolean;
  /** The marker is in the session's own program file, so a function that is not in the program is worth a warning. */
  readonly ownFile: boolean;
  readonly status: TraceMarkerStatus;
}

/** How a marker looks. */
export interface MarkerView {
  readonly icon: MarkerIcon;
  /** Text after the function's line: its hits, or why it is not traced. While the program stands still, the hover is the debugger's. */
  readonly note: string | undefined;
  /** Sentences for the hover. */
  readonly hover: readonly string[];
}

/**
 * How a marker looks: `reports` come from the sessions, the one to show first. `found` tells whether its function is in its
 * document.
 */
export function viewOf(marker: Marker, found: boolean, reports: readonly MarkerReport[]): MarkerView {
  const live = reports.filter((report) => !report.ended);
  const ended = reports.filter((report) => report.ended);
  const problem = (live.length > 0 ? live : ended).find(hasProblem);
  const shown = live.find(({ status }) => status.verified) ?? problem;
  const hover = [
    `**${marker.stop ? 'Trace and stop' : 'Trace'}** \`${marker.function}\``,
    ...(found ? [] : [`There is no function \`${marker.function}\` in this file now.`]),
    ...reports.map(describe),
    ...(reports.length === 0 ? ['Armed: its call site is patched when debugging starts.'] : []),
  ];
  const icon =
    !found || (shown && !shown.status.verified) ? 'not-traceable' : stopping(marker, shown?.status.state === 'on' ? 'on' : 'armed');
  return { icon, note: noteOf(shown ?? ended[0]), hover };
}

/** State and hits of a marker in a few words. */
export function summaryOf(marker: Marker, reports: readonly MarkerReport[]): string {
  const { icon, note } = viewOf(marker, true, reports);
  const state = icon === 'not-traceable' ? [] : [icon.startsWith('on') ? 'on' : 'armed'];
  return [...state, ...(marker.stop ? ['stops at each call'] : []), ...(note ? [note] : [])].join(', ');
}

function stopping(marker: Marker, icon: 'armed' | 'on'): MarkerIcon {
  return marker.stop ? `${icon}-stop` : icon;
}

/** Not in the program at all is nothing to warn of when the marker is in some other program's file. */
function hasProblem({ status, ownFile }: MarkerReport): boolean {
  return !status.verified && (ownFile || status.address !== undefined);
}

function describe({ session, ended, status }: MarkerReport): string {
  if (!status.verified) return `${session}: ${status.reason ?? 'it cannot be traced'}`;
  const times = count(status.hits);
  if (ended) return `${session}: ${times} in the last run.`;
  const place = status.address ? ` at \`${status.address}\`` : '';
  return `${session}: its call site${place} holds \`${status.state === 'on' ? 'jalr t0' : 'nop'}\`; ${times}.`;
}

function noteOf(report: MarkerReport | undefined): string | undefined {
  if (!report) return undefined;
  if (!report.status.verified) return hasProblem(report) ? `not traced: ${report.status.reason}` : undefined;
  return report.ended ? `${count(report.status.hits)} in the last run` : count(report.status.hits);
}

function count(hits: number): string {
  return `${hits.toLocaleString('en-US')} ${hits === 1 ? 'hit' : 'hits'}`;
}
