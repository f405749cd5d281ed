import { ProbeError } from './probe-error';

export type ProbeKind = 'fprobe' | 'kprobe' | 'uprobe' | 'tprobe' | 'eprobe';

/** A probe's text, taken apart: `TYPE[MAXACTIVE][:[GROUP/]EVENT] PLACE [ARGUMENTS]`. */
export interface ProbeDefinition {
  readonly kind: ProbeKind;
  readonly isReturn: boolean;
  readonly maxActive: number | undefined;
  readonly group: string;
  readonly name: string;
  /** The place without `%return`. */
  readonly place: string;
  readonly words: readonly string[];
  /** Of an event probe: what stands behind `if`, and where that is in the text. */
  readonly filter: string | undefined;
  readonly filterAt: number;
  readonly text: string;
  /** Where in the text the place and each word are. */
  readonly placeAt: number;
  readonly wordsAt: readonly number[];
}

const usualGroups = { fprobe: 'fprobes', kprobe: 'kprobes', uprobe: 'uprobes', tprobe: 'tracepoints', eprobe: 'eprobes' };
const kinds: Readonly<Record<string, ProbeKind>> = { e: 'eprobe', f: 'fprobe', t: 'tprobe' };
const namePattern = /^[A-Za-z_]\w*$/;
const longestName = 63;
const mostArguments = 128;
const mostActive = 4096;

/** Throws ProbeError. `uprobes`: the file is `uprobe_events`, in which `p` and `r` are of files. */
export function parseProbe(line: string, uprobes: boolean): ProbeDefinition {
  const text = line.split(/\s+/).join(' ');
  const [head = '', written = '', ...behind] = text.split(' ');
  const [, type, active, label] = /^([efprt])([^:]*)(?::(.*))?$/.exec(head) ?? [];
  if (type === undefined) throw new ProbeError('Failed to register probe event', 0);
  if (written === '') throw new ProbeError('Invalid probed address or symbol', head.length);
  const placeAt = head.length + 1;
  const isUprobe = uprobes || (/^[pr]$/.test(type) && /^\/.*:/.test(written));
  const kind = kinds[type] ?? (isUprobe ? 'uprobe' : 'kprobe');
  const place = written.replace(/%return$/, '');
  const isReturn = type === 'r' || place !== written;
  const suffix = place.indexOf('%');
  if (suffix >= 0) throw new ProbeError('Invalid probed address suffix', placeAt + suffix);
  const ifAt = kind === 'eprobe' ? behind.indexOf('if') : -1;
  const words = ifAt < 0 ? behind : behind.slice(0, ifAt);
  const filter = ifAt < 0 ? undefined : behind.slice(ifAt + 1).join(' ');
  const filterAt = [head, written, ...words, ''].join(' ').length;
  if (words.length > mostArguments) throw new ProbeError('Too many arguments are specified', placeAt);
  const wordsAt = words.map((_, index) => [head, written, ...words.slice(0, index)].join(' ').length + 1);
  const maxActive = maxActiveOf(active!, kind, isReturn);
  const names = namesOf(label, type.length + active!.length + 1, usualGroups[kind]);
  const name = names.name ?? eventNameOf(kind, place, isReturn);
  return { kind, isReturn, maxActive, group: names.group, name, place, words, filter, filterAt, text, placeAt, wordsAt };
}

function maxActiveOf(text: string, kind: ProbeKind, isReturn: boolean): number | undefined {
  if (text === '') return undefined;
  if (!isReturn || kind === 'uprobe' || kind === 'tprobe' || kind === 'eprobe') throw new ProbeError('Maxactive is not for kprobe', 1);
  if (!/^[0-9]+$/.test(text)) throw new ProbeError('Invalid maxactive number', 1);
  if (Number(text) > mostActive) throw new ProbeError('Maxactive is too big', 1);
  return Number(text);
}

/** `[GROUP/]EVENT`, with `.` for `/` too (`traceprobe_parse_event_name`). */
function namesOf(label: string | undefined, at: number, usualGroup: string): { group: string; name: string | undefined } {
  if (label === undefined) return { group: usualGroup, name: undefined };
  const slash = label.includes('/') ? label.indexOf('/') : label.indexOf('.');
  const group = slash < 0 ? usualGroup : label.slice(0, slash);
  const name = label.slice(slash + 1);
  if (group === '') throw new ProbeError('Group name is not specified', at);
  if (group.length > longestName) throw new ProbeError('Group name is too long', at);
  if (!namePattern.test(group)) throw new ProbeError('Group name must follow the same rules as C identifiers', at);
  if (name === '' && slash >= 0) return { group, name: undefined };
  const nameAt = at + slash + 1;
  if (name === '') throw new ProbeError('Event name is not specified', nameAt);
  if (name.length > longestName) throw new ProbeError('Event name is too long', nameAt);
  if (!namePattern.test(name)) throw new ProbeError('Event name must follow the same rules as C identifiers', nameAt);
  return { group, name };
}

function eventNameOf(kind: ProbeKind, place: string, isReturn: boolean): string {
  const letter = isReturn ? 'r' : 'p';
  switch (kind) {
    case 'fprobe':
      return `${place.replace(/\W/g, '_')}__${isReturn ? 'exit' : 'entry'}`;
    case 'tprobe':
      return place.replace(/\W/g, '_');
    case 'eprobe':
      return place.replace(/^.*[./]/, '').replace(/\W/g, '_');
    case 'uprobe': {
      const [, file = '', offset = ''] = /([^/]*):([^:]*)$/.exec(place) ?? [];
      return `${letter}_${file.replace(/[.\-_].*$/, '')}_0x${Number(offset).toString(16)}`.replace(/\W/g, '_');
    }
    default: {
      if (/^0x/i.test(place)) return `${letter}_${place.toLowerCase()}`;
      const [symbol = '', offset = '0'] = place.split('+');
      return `${letter}_${symbol}_${Number(offset)}`.replace(/\W/g, '_');
    }
  }
}
