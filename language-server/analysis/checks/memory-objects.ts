import type { DataObject } from '../data-objects';
import { type Finding, findingAt } from '../finding';
import type { FunctionFlow } from '../function-flow';
import { callerSaved, namesIn, overlap, setOf } from '../register-set';

/** Accesses of variables by name: none writes what is read-only, none reaches beyond its end. */
export function checkMemoryObjects({ nodes }: FunctionFlow, objectOf: (name: string) => DataObject | undefined): Finding[] {
  const findings: Finding[] = [];
  /** The variables whose addresses are in registers, in code that always follows on. */
  const addresses = new Map<string, DataObject>();
  for (const { effects, labels, line, statement } of nodes) {
    if (labels.length > 0 || !effects) addresses.clear();
    if (!effects) continue;
    const { access, writes, mnemonic, transfer } = effects;
    const object = access && (access.symbol === undefined ? addresses.get(access.base ?? '') : objectOf(access.symbol));
    if (object && access.offset !== undefined) {
      const { name, section, size } = object;
      if (access.kind === 'store' && object.isReadOnly) {
        findings.push(findingAt('store-to-read-only', line, statement, `'${name}' is in ${section}, which cannot be written`));
      } else if (size !== undefined && (access.offset < 0 || access.offset + access.width > size)) {
        const bytes = `${access.width} ${access.width === 1 ? 'byte' : 'bytes'}`;
        const at = access.offset === 0 ? '' : ` at offset ${access.offset}`;
        const text = `this ${access.kind === 'load' ? 'reads' : 'writes'} ${bytes}${at}, but '${name}' has ${size}`;
        findings.push(findingAt('wrong-width', line, statement, text));
      }
    }
    for (const name of namesIn(writes)) addresses.delete(name);
    if (transfer) for (const name of [...addresses.keys()]) if (overlap(setOf([name]), callerSaved)) addresses.delete(name);
    if (mnemonic === 'la' || mnemonic === 'lla') {
      const symbol = statement.operands.length === 3 ? statement.operands[2] : undefined;
      const found = symbol?.kind === 'name' ? objectOf(symbol.text) : undefined;
      const [register] = namesIn(writes);
      if (found && register) addresses.set(register, found);
    }
  }
  return findings;
}
