import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { modulesMade, textOf } from './modules-made';
import { Pair } from './pair';

/** Small programs whose first region is kept as text. Each ends in an ebreak. */
const programs: Readonly<Record<string, string>> = {
  'sum of an array': `
        la s0, array
        li s1, 100
again:  ld t0, 0(s0)
        add s2, s2, t0
        addi s1, s1, -1
        bnez s1, again
        ebreak
        .data
        .align 3
array:  .dword 7
`,
  'choice of two ways': `
        li s1, 50
again:  andi t0, s1, 1
        beqz t0, even
        addi s2, s2, 3
        j next
even:   slli s2, s2, 1
next:   addi s1, s1, -1
        bnez s1, again
        ebreak
`,
  'call and return': `
        li s1, 50
again:  jal ra, callee
        addi s1, s1, -1
        bnez s1, again
        ebreak
callee: addi sp, sp, -16
        sd ra, 8(sp)
        jal ra, leaf
        ld ra, 8(sp)
        addi sp, sp, 16
        ret
leaf:   addi s2, s2, 1
        ret
`,
  'values that are stored and loaded again': `
        li s1, 50
again:  addi sp, sp, -16
        sd s1, 8(sp)
        sw s2, 0(sp)
        addi s2, s1, 3
        ld s3, 8(sp)
        lw s2, 0(sp)
        add s2, s2, s3
        addi sp, sp, 16
        addi s1, s1, -1
        bnez s1, again
        ebreak
`,
  'fields that may be accessed': `
        la s0, fields
        li s1, 50
again:  lw t0, 8(s0)
        beqz t0, next
        lw t1, 16(s0)
        blt t0, t1, next
        lw t2, 0(s0)
        sw t2, 24(s0)
next:   addi s1, s1, -1
        bnez s1, again
        ebreak
        .data
        .align 3
fields: .word 0, 0, 3, 0, 2, 0, 0
`,
  'doubles that are added': `
        li s1, 50
        fcvt.d.l fa0, s1
        fcvt.d.l fa1, s1
again:  fadd.d fa0, fa0, fa1
        addi s1, s1, -1
        bnez s1, again
        ebreak
`,
  'rotation of a word': `
        li s1, 50
again:  srliw t0, s2, 7
        slliw t1, s2, 25
        or t0, t0, t1
        addw s2, t0, s1
        addi s1, s1, -1
        bnez s1, again
        ebreak
`,
  'loop in a loop': `
        li s1, 50
outer:  li s2, 20
inner:  add s3, s3, s2
        addi s2, s2, -1
        bnez s2, inner
        addi s1, s1, -1
        bnez s1, outer
        ebreak
`,
  'loop that goes round seldom': `
        li s1, 50
again:  andi s2, s1, 1
seldom: add s3, s3, s2
        addi s2, s2, -1
        bgez s2, seldom
        addi s1, s1, -1
        bnez s1, again
        ebreak
`,
  'way to an environment call': `
        li s1, 50
again:  addi s1, s1, -1
        bnez s1, again
        beqz s2, out
        ecall
out:    ebreak
`,
};

/** The instructions of the regions of a program, without their numbers: addresses, counts, offsets, locals. */
async function shapeOf(text: string): Promise<string> {
  const made = modulesMade(() => {
    const pair = new Pair(`.option norvc\n.globl _start\n_start:\n${text}`, { hotAfter: 5, size: 0x4000000 });
    while (pair.run(10_000).kind === 'budget');
  });
  const texts = await Promise.all(made.map((module) => textOf(module)));
  return texts.join('').replaceAll(/(?:offset=|align=)?-?\b\d+\b/g, '#');
}

describe('the call of a function that is not traced', () => {
  const untraced = (site: string) => programs['call and return']!.replaceAll(/^(callee|leaf):/gm, `$1:  ${site}\n`);

  it('is the WebAssembly of one without a call site, where that is nops', async () => {
    const without = await shapeOf(untraced(''));
    assert.equal(await shapeOf(untraced('nop; nop')), without);
    assert.notEqual(await shapeOf(untraced('addi a0, a0, 1; nop')), without);
  });

  it('is so where nothing more has room in line, round a loop that is unrolled or in the region', async () => {
    const steps = (count: number) =>
      Array.from({ length: count }, (_, index) => `addi s${2 + (index % 8)}, s${2 + (index % 8)}, 1`).join('\n');
    const fitting: Readonly<Record<string, (site: string) => string>> = {
      'in line': (site) => `li s1, 50\nagain: jal ra, callee\naddi s1, s1, -1\nbnez s1, again\nebreak\ncallee: ${site}\n${steps(47)}\nret`,
      unrolled: (site) => `li s1, 50\nagain: jal ra, callee\naddi s1, s1, -1\nbnez s1, again\nebreak\ncallee: ${site}\n${steps(20)}\nret`,
      'in the region': (site) => {
        const callees = Array.from({ length: 14 }, (_, index) => `callee${index}: ${site}\n${steps(40)}\nret`);
        const calls = callees.map((_, index) => `jal ra, callee${index}`);
        return `li s1, 50\nagain: ${calls.join('\n')}\naddi s1, s1, -1\nbnez s1, again\nebreak\n${callees.join('\n')}`;
      },
    };
    for (const [name, text] of Object.entries(fitting)) {
      assert.equal(await shapeOf(text('nop; nop')), await shapeOf(text('')), name);
    }
  });

  it('has a store of t0 more, where auipc stays', async () => {
    const instructions = (shape: string, name: string) => shape.split(name).length - 1;
    const [without, withSite] = [await shapeOf(untraced('')), await shapeOf(untraced('auipc t0, 1; nop'))];
    for (const name of ['i32.load', 'i64.load', 'i32.store', 'call', 'loop', 'br_if', 'if']) {
      assert.equal(instructions(withSite, name), instructions(without, name), name);
    }
    assert.ok(instructions(withSite, 'i64.store') > instructions(without, 'i64.store'));
  });
});

describe('the WebAssembly of small regions', () => {
  for (const [name, text] of Object.entries(programs)) {
    it(`is, for ${name}, what it was: else look at it and run \`npm run golden\``, async () => {
      const [first] = modulesMade(() => {
        const pair = new Pair(`.option norvc\n.globl _start\n_start:\n${text}`, { hotAfter: 5, size: 0x4000000 });
        while (pair.run(10_000).kind === 'budget');
      });
      assert.ok(first, 'a region was made');
      const source = text.split('\n').filter(Boolean);
      const made = `${source.map((line) => `;; ${line}`.trimEnd()).join('\n')}\n${await textOf(first, { foldExprs: true })}`;
      const path = join(__dirname, 'golden', `${name.replace(/\W+/g, '-')}.wat`);
      if (process.argv.includes('--update')) writeFileSync(path, made);
      assert.equal(made, existsSync(path) ? readFileSync(path, 'utf8') : '');
    });
  }
});
