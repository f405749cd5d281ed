import {
  type CallHierarchyIncomingCall,
  type CallHierarchyItem,
  type CallHierarchyOutgoingCall,
  type Position,
  type Range,
  SymbolKind,
} from 'vscode-languageserver';
import type { AssemblyDocument } from '../document/assembly-document';
import { functionAround, functionsOf, type OutlineItem } from '../document/outline';
import { operationOf } from '../document/parsed-line';
import { transferOf } from '../knowledge/control-flow';
import { definitionsOf, type NamePlace, nameAt, placesOf, rangeOf } from '../workspace/names';
import type { Workspace } from '../workspace/workspace';
import { linesRange } from './symbols';

/** The function that is named at a position, or that the position is in. */
export function prepareCallHierarchy(workspace: Workspace, document: AssemblyDocument, position: Position): CallHierarchyItem[] {
  const place = nameAt(document, position);
  const named = place && definitionsOf(workspace, place).flatMap((definition) => functionOf(definition) ?? []);
  if (named?.length) return named;
  const around = functionAround(document, position.line);
  return around ? [itemOf(document, around)] : [];
}

/** Who calls a function, or goes to it by a tail call. */
export function incomingCalls(workspace: Workspace, item: CallHierarchyItem): CallHierarchyIncomingCall[] {
  const place = placeOf(workspace, item);
  const calls = new Map<string, { from: CallHierarchyItem; fromRanges: Range[] }>();
  for (const each of place ? placesOf(workspace, place) : []) {
    if (!isCall(each)) continue;
    const caller = functionAround(each.document, each.line.number);
    if (!caller) continue;
    const key = `${each.document.uri} ${caller.start}`;
    const call = calls.get(key) ?? { from: itemOf(each.document, caller), fromRanges: [] };
    call.fromRanges.push(rangeOf(each));
    calls.set(key, call);
  }
  return [...calls.values()];
}

/** What a function calls, in the order of its lines. */
export function outgoingCalls(workspace: Workspace, item: CallHierarchyItem): CallHierarchyOutgoingCall[] {
  const document = workspace.document(item.uri);
  const around = document && functionAround(document, item.selectionRange.start.line);
  if (!around) return [];
  const calls = new Map<string, { to: CallHierarchyItem; fromRanges: Range[] }>();
  for (let number = around.start; number <= around.end; number++) {
    const line = document.line(number)!;
    for (const occurrence of line.parsed.occurrences) {
      const place = { document, line, occurrence };
      if (occurrence.role !== 'reference' || !isCall(place)) continue;
      for (const definition of definitionsOf(workspace, place)) {
        const to = functionOf(definition);
        if (!to) continue;
        const key = `${to.uri} ${to.range.start.line}`;
        const call = calls.get(key) ?? { to, fromRanges: [] };
        call.fromRanges.push(rangeOf(place));
        calls.set(key, call);
      }
    }
  }
  return [...calls.values()];
}

/** A place in an instruction that calls, or leaves the function for good. */
function isCall({ line, occurrence, document }: NamePlace): boolean {
  const column = occurrence.start + 1;
  const statement = line.parsed.statements.find(({ start, end }) => start <= column && column < end);
  const transfer = statement && transferOf(operationOf(statement) ?? '', statement.operands);
  if (transfer === 'call') return true;
  const around = functionAround(document, line.number);
  return transfer === 'jump' && around?.name !== occurrence.name && !around?.children.some(({ name }) => name === occurrence.name);
}

function functionOf({ document, line, occurrence }: NamePlace): CallHierarchyItem | undefined {
  const found = functionsOf(document).find((each) => each.line === line && each.name === occurrence.name);
  return found && itemOf(document, found);
}

function placeOf(workspace: Workspace, { uri, selectionRange }: CallHierarchyItem): NamePlace | undefined {
  const document = workspace.document(uri);
  return document && nameAt(document, selectionRange.start);
}

function itemOf(document: AssemblyDocument, item: OutlineItem): CallHierarchyItem {
  return {
    name: item.name,
    kind: SymbolKind.Function,
    detail: document.uri.split('/').at(-1) ?? '',
    uri: document.uri,
    range: linesRange(document, item),
    selectionRange: rangeOf(item),
  };
}
