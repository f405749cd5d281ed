import type { AssemblyDocument } from '../document/assembly-document';
import { functionsOf } from '../document/outline';
import type { Workspace } from '../workspace/workspace';
import { argumentsOf, checkCallArguments } from './checks/call-arguments';
import { checkMemoryObjects } from './checks/memory-objects';
import { checkRegisterValues } from './checks/register-values';
import { checkSavedRegisters } from './checks/saved-registers';
import { checkStackBalance } from './checks/stack-balance';
import { checkUnreachableCode } from './checks/unreachable-code';
import { checkUnusedLabels } from './checks/unused-labels';
import { checkUnusedResults } from './checks/unused-results';
import { dataObjects } from './data-objects';
import type { Finding } from './finding';
import { type FunctionFlow, functionFlow } from './function-flow';

/** What the checks find in a document, beyond what the assembler says, by line. */
export function analyze(workspace: Workspace, document: AssemblyDocument): Finding[] {
  const objects = dataObjects(document);
  const isLocal = (name: string) => document.index.isDefined(name);
  const functions = functionsOf(document);
  // The graphs of all functions would be many times the text: each is made twice instead, and dropped.
  const argumentsRead = new Map(functions.map((item) => [item.name, argumentsOf(functionFlow(document, item))]));
  const findings = functions.flatMap((item) => {
    const flow = functionFlow(document, item);
    return [...checkFunction(flow, isLocal, objects), ...(flow.isKnown ? checkCallArguments(flow, (name) => argumentsRead.get(name)) : [])];
  });
  return [...findings, ...checkUnusedLabels(workspace, document)].sort(
    (left, right) => left.line.number - right.line.number || left.start - right.start,
  );
}

function checkFunction(flow: FunctionFlow, isLocal: (name: string) => boolean, objects: ReturnType<typeof dataObjects>): Finding[] {
  const anyWay = [...checkUnreachableCode(flow), ...checkMemoryObjects(flow, (name) => objects.get(name))];
  if (!flow.isKnown || keepsOwnConvention(flow)) return anyWay;
  return [
    ...anyWay,
    ...checkSavedRegisters(flow),
    ...checkStackBalance(flow),
    ...checkRegisterValues(flow, isLocal),
    ...checkUnusedResults(flow),
  ];
}

/** The start of a program, a trap handler, and routines that are called or return by another register than ra. */
function keepsOwnConvention({ item, nodes }: FunctionFlow): boolean {
  if (item.name === '_start') return true;
  return nodes.some(({ effects }) => {
    if (!effects) return false;
    if (/^[msu]ret$/.test(effects.mnemonic)) return true;
    return effects.transfer === 'call' && (effects.writes.x & ~(1 << 1)) !== 0;
  });
}
