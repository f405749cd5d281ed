import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { riscvGrammar } from './riscv-grammar';

/** Writes syntaxes/riscv-asm.tmLanguage.json from the tables of `riscv/`. */
writeFileSync(join(__dirname, '..', 'syntaxes', 'riscv-asm.tmLanguage.json'), `${JSON.stringify(riscvGrammar(), undefined, 2)}\n`);
