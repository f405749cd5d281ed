import type { BaseMnemonic } from '../../riscv/instruction-table';
import { atomic } from './atomic';
import { bitManipulation } from './bit-manipulation';
import { csr } from './csr';
import type { Semantics } from './emitter';
import { integer } from './integer';
import { multiply } from './multiply';
import { privileged } from './privileged';
import { zi } from './zi';

/** The meaning of every instruction, once; both engines are made from it. A mnemonic that is missing here does not compile. */
export const semantics: Readonly<Record<BaseMnemonic, Semantics>> = {
  ...integer,
  ...multiply,
  ...atomic,
  ...csr,
  ...privileged,
  ...zi,
  ...bitManipulation,
};
