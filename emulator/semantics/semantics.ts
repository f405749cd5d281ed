import type { BaseMnemonic } from '../../riscv/instruction-table';
import { atomic } from './atomic';
import { bitManipulation } from './bit-manipulation';
import { csr } from './csr';
import type { Semantics } from './emitter';
import { arithmetic } from './float/arithmetic';
import { compare } from './float/compare';
import { convert } from './float/convert';
import { move } from './float/move';
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
  ...move,
  ...arithmetic,
  ...compare,
  ...convert,
};
