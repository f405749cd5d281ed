import { conditionalDirectives } from './conditional-directives';
import { dataDirectives } from './data-directives';
import { debugDirectives } from './debug-directives';
import type { Directive } from './directive';
import { frameDirectives } from './frame-directives';
import { insnDirectives } from './insn-directive';
import { layoutDirectives } from './layout-directives';
import { macroDirectives } from './macro-directives';
import { optionDirectives } from './option-directives';
import { realDirectives } from './real-directives';
import { relocDirectives } from './reloc-directive';
import { sectionDirectives } from './section-directives';
import { symbolDirectives } from './symbol-directives';
import { textDirectives } from './text-directives';

/** All directives by name, with the dot. */
export const directives: ReadonlyMap<string, Directive> = new Map(
  [
    conditionalDirectives,
    dataDirectives,
    debugDirectives,
    frameDirectives,
    insnDirectives,
    layoutDirectives,
    macroDirectives,
    optionDirectives,
    realDirectives,
    relocDirectives,
    sectionDirectives,
    symbolDirectives,
    textDirectives,
  ].flatMap((table) => Object.entries(table)),
);
