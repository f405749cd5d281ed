import type { Token } from '../../program/assembler/lexer';
import { registerNamed } from './registers';

/** Where an instruction may go besides the next one: `branch` may go on, `call` comes back, the others do neither. */
export type Transfer = 'branch' | 'call' | 'jump' | 'return' | 'indirect';

const conditional = /^(?:c\.)?b(?:eq|ne|lt|ge|gt|le)[uz]?$/;

/** What an instruction does to the flow of control, by how it is written; undefined where the next one follows. */
export function transferOf(mnemonic: string, operands: readonly Token[]): Transfer | undefined {
  if (conditional.test(mnemonic)) return 'branch';
  const link = operands[0]?.kind === 'name' ? registerNamed(operands[0].text) : undefined;
  switch (mnemonic) {
    case 'call':
    case 'c.jal':
      return 'call';
    case 'c.jalr':
      return 'call';
    case 'tail':
    case 'j':
    case 'c.j':
    case 'jump':
      return 'jump';
    case 'jal':
      return link && operands.length > 1 && link.name === 'zero' ? 'jump' : 'call';
    case 'ret':
    case 'mret':
    case 'sret':
      return 'return';
    case 'jr':
    case 'c.jr':
      return link?.name === 'ra' && operands.length === 1 ? 'return' : 'indirect';
    case 'jalr': {
      const isPlain = operands.length === 1 || operands[1]?.text === '(';
      if (isPlain || link?.name !== 'zero') return 'call';
      return operands.some((token) => token.kind === 'name' && registerNamed(token.text)?.name === 'ra') ? 'return' : 'indirect';
    }
  }
  return undefined;
}
