import type { Statement } from '../../program/assembler/statement';
import type { AssemblyDocument } from '../document/assembly-document';
import type { DocumentLine } from '../document/document-line';
import type { OutlineItem } from '../document/outline';
import { nameOf, operationOf } from '../document/parsed-line';
import { type Effects, effectsOf } from './effects';

/** An instruction of a function, and where it goes. */
export interface FlowNode {
  readonly line: DocumentLine;
  readonly statement: Statement;
  /** Undefined for what is not understood: it may do anything. */
  readonly effects: Effects | undefined;
  readonly labels: readonly string[];
  /** Indices of the nodes that may follow. */
  next: readonly number[];
  /** Whether it leaves the function: by a return, a tail call, or a jump that nobody can follow. */
  leaves: boolean;
}

export interface FunctionFlow {
  readonly document: AssemblyDocument;
  readonly item: OutlineItem;
  readonly nodes: readonly FlowNode[];
  /**
   * False where the flow or the effects are not known to the last instruction: a macro, an indirect jump, a conditional of the
   * assembler. Checks that follow paths say nothing then.
   */
  readonly isKnown: boolean;
}

const conditionals = /^\.(?:if|else|endif|rept|irp|endr|macro|endm|include|org|insn)/;

/** The instructions of a function and the ways through them. */
export function functionFlow(document: AssemblyDocument, item: OutlineItem): FunctionFlow {
  const nodes: FlowNode[] = [];
  let isKnown = true;
  let labels: string[] = [];
  let isCode = true;
  for (let number = item.start; number <= item.end; number++) {
    const line = document.line(number)!;
    if (line.parsed.isDirective) isKnown = false;
    for (const statement of line.parsed.statements) {
      labels.push(...statement.labels.map((label) => (label.kind === 'number' ? label.text : (nameOf(label) ?? ''))));
      const operation = operationOf(statement);
      if (operation === undefined) continue;
      if (operation.startsWith('.')) {
        if (operation === '.section' || operation === '.pushsection' || operation === '.data' || operation === '.rodata') isCode = false;
        if (operation === '.text' || operation === '.popsection' || operation === '.previous') isCode = true;
        if (conditionals.test(operation)) isKnown = false;
        continue;
      }
      if (!isCode) continue;
      const effects = effectsOf(statement);
      if (!effects) isKnown = false;
      nodes.push({ line, statement, effects, labels, next: [], leaves: false });
      labels = [];
    }
  }
  const complete = connect(nodes, item);
  return { document, item, nodes, isKnown: isKnown && complete };
}

const endsProgram = /^(?:c\.)?(?:ecall|ebreak|unimp)$/;

/** Fills in the ways; false where an indirect jump, or running out at the end, leaves them open. */
function connect(nodes: readonly FlowNode[], item: OutlineItem): boolean {
  const places = new Map<string, number[]>();
  for (const [index, node] of nodes.entries()) {
    for (const label of node.labels) places.set(label, [...(places.get(label) ?? []), index]);
  }
  let isComplete = true;
  for (const [index, node] of nodes.entries()) {
    const { transfer, target } = node.effects ?? {};
    const following = index + 1 < nodes.length ? [index + 1] : [];
    if (transfer === 'return') node.leaves = true;
    else if (transfer === 'indirect') {
      node.leaves = true;
      isComplete = false;
    } else if (transfer === 'jump' || transfer === 'branch') {
      const to = target && placeOf(places, target.text, index);
      if (to === undefined) node.leaves = true;
      node.next = [...(to === undefined ? [] : [to]), ...(transfer === 'branch' ? following : [])];
      if (transfer === 'branch' && following.length === 0) isComplete = false;
    } else {
      node.next = following;
      // A call at the very end does not come back, nor does the system call that ends a program.
      if (following.length === 0 && transfer !== 'call' && !endsProgram.test(node.effects?.mnemonic ?? '')) isComplete = false;
    }
    if (transfer && target?.text === item.name) node.next = transfer === 'call' ? following : node.next;
  }
  return isComplete;
}

function placeOf(places: ReadonlyMap<string, readonly number[]>, target: string, from: number): number | undefined {
  const numeric = /^(\d+)([bf])$/.exec(target);
  if (!numeric) return places.get(target)?.[0];
  const all = places.get(numeric[1]!) ?? [];
  return numeric[2] === 'b' ? all.findLast((index) => index <= from) : all.find((index) => index > from);
}
