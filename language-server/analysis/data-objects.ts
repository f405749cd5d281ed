import type { AssemblyDocument } from '../document/assembly-document';
import { operandSlots } from '../document/operand-slots';
import { functionsOf, outlineOf } from '../document/outline';
import { operationOf } from '../document/parsed-line';
import { numberOf } from '../workspace/constant-value';

/** A variable that a source defines. */
export interface DataObject {
  readonly name: string;
  readonly section: string;
  readonly isReadOnly: boolean;
  /** Bytes; undefined where the source does not tell. */
  readonly size: number | undefined;
}

/** The variables of a document by name. */
export function dataObjects(document: AssemblyDocument): ReadonlyMap<string, DataObject> {
  const functions = new Set(functionsOf(document).map(({ name }) => name));
  const objects = new Map<string, DataObject>();
  let section = '.text';
  for (const item of outlineOf(document)) {
    if (item.kind === 'section') section = item.name;
    if (item.kind !== 'object' || functions.has(item.name) || item.occurrence.kind !== 'label') continue;
    const isReadOnly = /^\.s?rodata\b/.test(section);
    objects.set(item.name, { name: item.name, section, isReadOnly, size: sizeOf(document, item.start, item.end, item.occurrence.end) });
  }
  return objects;
}

const sizes: Readonly<Record<string, number>> = {
  ...{ '.byte': 1, '.2byte': 2, '.half': 2, '.short': 2, '.hword': 2, '.4byte': 4, '.word': 4, '.long': 4, '.int': 4 },
  ...{ '.8byte': 8, '.dword': 8, '.quad': 8, '.octa': 16, '.float': 4, '.single': 4, '.double': 8 },
};
const silent: ReadonlySet<string> = new Set([
  '.type',
  '.size',
  '.globl',
  '.global',
  '.weak',
  '.hidden',
  '.local',
  '.align',
  '.p2align',
  '.balign',
]);

/** The bytes of the directives from a label to the next; undefined where one is of another kind. */
function sizeOf(document: AssemblyDocument, start: number, end: number, behind: number): number | undefined {
  let size = 0;
  for (let number = start; number <= end; number++) {
    for (const statement of document.line(number)!.parsed.statements) {
      if (number === start && statement.end - 1 <= behind) continue;
      const operation = operationOf(statement);
      if (operation === undefined) {
        if (statement.labels.length > 0 && number > start) return size > 0 ? size : undefined;
        continue;
      }
      if (silent.has(operation)) continue;
      const bytes = bytesOf(operation, statement);
      if (bytes === undefined) return undefined;
      size += bytes;
    }
  }
  return size > 0 ? size : undefined;
}

function bytesOf(operation: string, { operands }: Parameters<typeof operationOf>[0]): number | undefined {
  const each = sizes[operation];
  const slots = operandSlots(operands, 0, 0);
  if (each !== undefined) return each * slots.length;
  if (operation === '.zero' || operation === '.skip' || operation === '.space') {
    const count = slots[0] && numberOf(slots[0].tokens, () => undefined);
    return count === undefined ? undefined : Number(count);
  }
  if (operation === '.ascii' || operation === '.asciz' || operation === '.string') {
    const texts = operands.filter(({ kind }) => kind === 'string');
    return texts.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0) + (operation === '.ascii' ? 0 : 1), 0);
  }
  return undefined;
}
