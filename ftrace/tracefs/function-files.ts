import { FtraceError } from '../ftrace-error';
import type { TraceableFunction } from '../ftrace-ops';
import type { FunctionList } from '../tracing/function-hash';
import type { TraceInstance } from '../tracing/trace-instance';
import { file, type TracefsNode, wordsOf } from './node';
import type { TracingState } from './tracing-state';

export const allEnabled = '#### all functions enabled ####\n';
const noneDisabled = '#### no functions disabled ####\n';

/** `set_ftrace_filter` and its kin of an instance (kernel/trace/ftrace.c, `ftrace_regex_write`, `t_show`). */
export function filterFiles(state: TracingState, instance: TraceInstance): [string, TracefsNode][] {
  const { filter, notrace } = instance.hash;
  const probes = state.probes.get(instance)!;
  return [
    [
      'set_ftrace_filter',
      file(
        () => `${listText(filter, allEnabled)}${linesText(probes.lines)}`,
        (text, truncates) =>
          filter.atOnce(() => {
            if (truncates) filter.clear();
            writeWords(text, filter, (word) => probes.change(word));
          }),
      ),
    ],
    ['set_ftrace_notrace', listFile(notrace, noneDisabled)],
  ];
}

/** Those that hold for all instances. */
export function globalFunctionFiles(state: TracingState): [string, TracefsNode][] {
  const { ftrace } = state;
  const { functions, notrace } = ftrace.graphSettings;
  return [
    ['available_filter_functions', file(() => linesText(ftrace.functions.map(({ name }) => name)))],
    ['available_filter_functions_addrs', file(() => linesText(ftrace.functions.map(({ name, ip }) => `${ip.toString(16)} ${name}`)))],
    ['enabled_functions', file(() => linesText(ftrace.functions.filter(({ enabled }) => enabled).map((each) => recordText(state, each))))],
    ['touched_functions', file(() => linesText(ftrace.functions.filter(({ touched }) => touched).map((each) => recordText(state, each))))],
    ['set_graph_function', listFile(functions, allEnabled)],
    ['set_graph_notrace', listFile(notrace, noneDisabled)],
    ['dyn_ftrace_total_info', file(() => totalInfo(state))],
  ];
}

export function listFile(list: FunctionList, empty: string): TracefsNode {
  return file(
    () => listText(list, empty),
    (text, truncates) =>
      list.atOnce(() => {
        if (truncates) list.clear();
        writeWords(text, list, () => {
          throw new FtraceError('EINVAL');
        });
      }),
  );
}

function listText(list: FunctionList, empty: string): string {
  if (list.isEmpty) return empty;
  return linesText([
    ...[...list.functions].map(({ name }) => name),
    ...list.modules.map(({ pattern, module }) => `${pattern}:mod:${module}`),
  ]);
}

/** Words one after the other: what stands before one that fails is in force. Patterns that follow each other are applied at once. */
function writeWords(text: string, list: FunctionList, command: (word: string) => void): void {
  const patterns: string[] = [];
  const flush = () => {
    const now = patterns.splice(0);
    if (now.length > 0) list.edit(now);
  };
  for (const word of wordsOf(text)) {
    const [pattern = '', name, ...rest] = word.split(':');
    if (name === undefined) patterns.push(word);
    else {
      flush();
      if (name === 'mod') list.changeModule(pattern, rest.join(':'));
      else command(word);
    }
  }
  flush();
}

/** A line of `enabled_functions`: five fields of flags, and since 6.16 the ops (`t_show`, `print_rec`). */
function recordText({ ftrace, symbols }: TracingState, each: TraceableFunction): string {
  const { regs, ipModify, direct, ops } = ftrace.registry.flagsOf(each);
  const flags = [regs ? ' R' : '  ', ipModify ? ' I' : '  ', direct !== undefined ? ' D' : '  ', ops ? ' O' : '  ', '   '].join('');
  const func = ops && (typeof ops.func === 'bigint' ? ops.func : ftrace.registry.trampoline.addressOf(ops.func));
  const opsText = ops ? `\tops: ${symbols.withOffset(ops.address)} (${symbols.withOffset(func!)})` : '';
  const place = (name: string) => symbols.withOffset(ftrace.registry.trampoline.addressOf(name));
  const users = ops === ftrace.fgraph.graphOps ? ftrace.fgraph.subopsOf(each) : [];
  const subops = users.map((user) => ` {ent:${place(user.entry)} ret:${place(user.return)}}`);
  const subopsText = subops.length > 0 ? `\tsubops:${subops.join('')}` : '';
  const directText = direct === undefined ? '' : `\n\tdirect-->${symbols.withOffset(direct)}`;
  return `${each.name} (${each.ops.length})${flags}${opsText}${subopsText}${directText}`;
}

/** Records of 16 bytes in pages of 4096 (`ftrace_update_tot_cnt`). */
function totalInfo({ ftrace, isOld }: TracingState): string {
  const pages = Math.ceil(ftrace.functions.length / 256);
  const times = isOld ? '' : 'ftrace boot update time = 0 (ns)\nftrace module total update time = 0 (ns)\n';
  return `${ftrace.functions.length} pages:${pages} groups: ${Math.min(pages, 1)}\n${times}`;
}

export function linesText(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
