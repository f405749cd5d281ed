import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { Debuggee } from '../../debug-adapter/debuggee';
import { StackWalk } from '../../debug-adapter/stack-walk';
import { findModel, type Model } from '../../ftrace/models/models';
import { assemble } from '../../program/assembler/assemble';
import { readProgram } from '../../program/read-program';
import { sample } from './adapter';

/** fib(10), stopped at its deepest: ten calls of fib, main, and start code. */
function deepestStop(): Debuggee {
  const path = sample('fib.s');
  const { image } = assemble([{ path, text: readFileSync(path, 'utf8') }], { callSites: true });
  const program = readProgram(image!, 'fib');
  const events = { output() {}, stopped() {}, turn() {} };
  const debuggee = new Debuggee(program, { arguments: ['fib'] }, findModel() as Model, events);
  const { machine } = debuggee;
  machine.setBreakpoint(program.lines.breakpointAddress(program.symbols.named('fib')!));
  for (let call = 0; call < 10; call++) machine.run(1e6);
  return debuggee;
}

describe('the walk of a stack', () => {
  it('says nothing at the outermost function', () => {
    const stack = new StackWalk(deepestStop());
    assert.equal(stack.all().at(-1)!.name, '_start');
    assert.ok(stack.depth! > 5);
    assert.equal(stack.cut, undefined);
  });

  it('is cut where it is too deep, and says so once it has come there', () => {
    const stack = new StackWalk(deepestStop(), 5);
    stack.slice(0, 5);
    assert.deepEqual([stack.depth, stack.cut], [undefined, undefined]);
    assert.equal(stack.all().length, 5);
    assert.equal(stack.cut, 'the stack is cut after 5 frames');
  });
});
