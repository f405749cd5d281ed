import type { TraceEvent } from '../trace-event';
import { HistError } from './hist-error';
import { type HistExpression, parseHistExpression } from './hist-expression';

export type KeyModifier = 'hex' | 'sym' | 'sym-offset' | 'syscall' | 'execname' | 'log2' | 'buckets' | 'stacktrace' | 'usecs';
export type ValueModifier = 'hex' | 'percent' | 'graph';

export interface HistKey {
  readonly name: string;
  readonly expression: HistExpression | undefined;
  readonly modifier: KeyModifier | undefined;
  /** Of `buckets`. */
  readonly bucket: bigint;
  /** As the trigger's text has it. */
  readonly text: string;
}

export interface HistValue {
  readonly name: string;
  /** Undefined for `hitcount`, which may be shown again with a modifier. */
  readonly expression: HistExpression | undefined;
  readonly modifier: ValueModifier | undefined;
  readonly text: string;
}

export interface HistVariable {
  readonly name: string;
  readonly expression: HistExpression;
  readonly text: string;
}

export interface HistSort {
  readonly field: string;
  readonly descending: boolean;
}

/** A histogram's text, taken apart. */
export interface HistSpec {
  readonly name: string | undefined;
  readonly keys: readonly HistKey[];
  readonly values: readonly HistValue[];
  readonly variables: readonly HistVariable[];
  readonly sort: readonly HistSort[];
  readonly size: number;
  readonly clock: string | undefined;
  readonly hasHitcount: boolean;
  /** `onmatch(...)...`, `onmax(...)...`, `onchange(...)...`, not taken apart. */
  readonly actions: readonly string[];
  readonly control: 'pause' | 'continue' | 'clear' | undefined;
}

const usualSize = 2048;
const [smallestSize, largestSize] = [128, 131072];
const mostKeys = 3;
const mostSorts = 2;
const keyModifiers: readonly string[] = ['hex', 'sym', 'sym-offset', 'syscall', 'execname', 'log2', 'buckets', 'stacktrace', 'usecs'];

/** `keys=..[:vals=..][:VAR=..][:sort=..][:size=N][:pause|continue|clear][:name=..][:nohitcount][:ACTION]`. Throws HistError. */
export function parseHistSpec(parameters: readonly string[], event: TraceEvent): HistSpec {
  let [name, clock]: (string | undefined)[] = [];
  let [keys, sort]: (string | undefined)[] = [];
  let size = usualSize;
  let hasHitcount = true;
  let control: HistSpec['control'];
  const [values, assignments, actions]: string[][] = [[], [], []];
  for (const parameter of parameters) {
    const [, word = '', rest] = /^(\w+)=?(.*)$/s.exec(parameter) ?? [];
    if (/^on(match|max|change)\(/.test(parameter)) actions!.push(parameter);
    else if (/^keys?=/.test(parameter)) keys = rest;
    else if (/^val(ue)?s?=/.test(parameter)) values!.push(...listOf(parameter, rest!));
    else if (/^sort=/.test(parameter)) sort = rest;
    else if (/^name=/.test(parameter)) name = rest;
    else if (/^size=/.test(parameter)) size = sizeOf(parameter, rest!);
    else if (/^clock=/.test(parameter)) clock = rest;
    else if (/^(pause|cont|continue|clear)$/.test(parameter)) control = word === 'cont' ? 'continue' : (word as HistSpec['control']);
    else if (/^(nohitcount|nohc)$/.test(parameter)) hasHitcount = false;
    else if (parameter.includes('=')) assignments!.push(...listOf(parameter, parameter));
    else throw new HistError('No action found', parameter);
  }
  if (keys === undefined) throw new HistError('No keys specified', '');
  const parsedKeys = listOf('keys=', keys).map((text) => keyOf(text, event));
  if (parsedKeys.length > mostKeys) throw new HistError('Too many keys', keys);
  const isAssigned = (text: string) => /^[A-Za-z_]\w*=(?!=)/.test(text);
  const variables = [...assignments!, ...values!.filter(isAssigned)].map((text) => variableOf(text, event));
  variables.forEach((variable, index) => {
    if (variables.some((other, at) => at < index && other.name === variable.name)) {
      throw new HistError('Variable already defined', variable.text);
    }
  });
  const parsedValues = values!.filter((text) => !isAssigned(text) && text !== 'hitcount').map((text) => valueFrom(text, event));
  return {
    name,
    keys: parsedKeys,
    values: parsedValues,
    variables,
    sort: sortsOf(sort, parsedKeys, parsedValues),
    size,
    clock,
    hasHitcount,
    actions: actions!,
    control,
  };
}

function listOf(whole: string, text: string): string[] {
  const list = text.split(',');
  if (list.some((each) => each === '')) throw new HistError('Malformed assignment', whole);
  return list;
}

function sizeOf(whole: string, text: string): number {
  const size = /^[0-9]+$/.test(text) ? 2 ** Math.ceil(Math.log2(Number(text))) : 0;
  if (!(size >= smallestSize && size <= largestSize)) throw new HistError('Malformed assignment', whole);
  return size;
}

function keyOf(text: string, event: TraceEvent): HistKey {
  if (text === 'stacktrace' || text === 'common_stacktrace') {
    return { name: 'common_stacktrace', expression: undefined, modifier: 'stacktrace', bucket: 0n, text: 'common_stacktrace' };
  }
  if (text.includes('$')) throw new HistError('Using variable references in keys not supported', text);
  const [field = '', modifier, ...more] = text.split('.');
  const [kind = '', amount] = (modifier ?? '').split('=');
  const isKnown = modifier === undefined || (keyModifiers.includes(kind) && (kind === 'buckets') === (amount !== undefined));
  if (!isKnown || more.length > 0) throw new HistError('Invalid field modifier', text);
  const bucket = amount === undefined ? 0n : /^[1-9][0-9]*$/.test(amount) ? BigInt(amount) : undefined;
  if (bucket === undefined) throw new HistError('Expecting numeric literal', text);
  if (kind === 'execname' && field !== 'common_pid') throw new HistError('Invalid field modifier', text);
  const isTime = field === 'common_timestamp';
  if ((kind === 'usecs') !== isTime && kind === 'usecs') throw new HistError('Invalid field modifier', text);
  const expression = parseHistExpression(isTime ? text : field, event);
  if (expression.isText && modifier !== undefined) throw new HistError('Invalid field modifier', text);
  return { name: isTime ? text : field, expression, modifier: kind === '' || isTime ? undefined : (kind as KeyModifier), bucket, text };
}

function valueFrom(text: string, event: TraceEvent): HistValue {
  const [, field = '', modifier] = /^(.*?)(?:\.(hex|percent|graph))?$/.exec(text) ?? [];
  const expression = field === 'hitcount' ? undefined : parseHistExpression(field, event);
  if (expression?.isText) throw new HistError('String type can not be an operand in expression', text);
  return { name: field, expression, modifier: modifier as ValueModifier | undefined, text };
}

function variableOf(text: string, event: TraceEvent): HistVariable {
  const at = text.indexOf('=');
  const [name, body] = [text.slice(0, at), text.slice(at + 1)];
  if (!/^[A-Za-z_]\w*$/.test(name)) throw new HistError('Malformed assignment', text);
  if (body === '') throw new HistError('Empty assignment', text);
  return { name, expression: parseHistExpression(body, event), text };
}

function sortsOf(text: string | undefined, keys: readonly HistKey[], values: readonly HistValue[]): HistSort[] {
  if (text === undefined) return [{ field: 'hitcount', descending: false }];
  if (text === '') throw new HistError('Empty sort field', 'sort=');
  const list = text.split(',');
  if (list.length > mostSorts) throw new HistError('Too many sort fields (Max = 2)', text);
  return list.map((each) => {
    const [, field = '', order] = /^(.*?)(?:\.(\w+))?$/.exec(each) ?? [];
    if (each === '') throw new HistError('Empty sort field', text);
    if (order !== undefined && order !== 'descending' && order !== 'ascending') throw new HistError('Invalid sort modifier', each);
    const isKnown = field === 'hitcount' || [...keys, ...values].some(({ name }) => name === field);
    if (!isKnown) throw new HistError('Sort field must be a key or a val', field);
    return { field, descending: order === 'descending' };
  });
}
