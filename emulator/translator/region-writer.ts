import { signatureOf } from '../float/routine-types';
import { hartAt, type LinearMemory } from '../linear-memory';
import { callIndirect, type I32, type I64, i32, i64 } from '../wasm/expression';
import { type FunctionBody, get, type Label } from '../wasm/function-body';
import { AccessPlan } from './access-plan';
import { writeCheck } from './check-writer';
import { type Block, isBlock, isDispatch, isTable, type Step, startOf, type Target } from './control-flow';
import type { Region } from './find-region';
import { HartLocals } from './hart-locals';
import { writeHook } from './hook-writer';
import { isHuge } from './huge-region';
import { entryOf, jumpTableOf } from './jump-table';
import type { Check } from './nearby-accesses';
import { RegionEmitter } from './region-emitter';
import { calledType, frameOf } from './region-interface';
import { noRegisters, numbersIn, type RegisterSet, union, xBit, xBits } from './register-set';
import { RegisterUses } from './register-use';
import { settledRegisters, unreadConstants } from './settled-registers';
import { StoredValues } from './stored-values';
import { type BankSummary, inAny, summariesOf } from './summaries';
import type { Surroundings } from './surroundings';
import { countWaysOut, type WaysCount } from './ways-count';
import { type Pending, WaysOut } from './ways-out';
import { WordRegisters, wordsAfter } from './words';

/** Locals that hold what registers no longer do but memory does: each takes room in frames. */
const mostCopies = 32;

const zero = i32.constant(0);

/** Writes the function of a region. */
export function writeRegion(body: FunctionBody, region: Region, surroundings: Surroundings): void {
  new Writer(body, region, surroundings).write();
}

class Writer {
  readonly #body: FunctionBody;
  readonly #region: Region;
  readonly #around: Surroundings;
  readonly #memory: LinearMemory;
  readonly #hart: HartLocals;
  readonly #uses: RegisterUses;
  readonly #words: WordRegisters;
  readonly #plan: AccessPlan;
  /** Registers that are written to linear memory where the region begins, and hold the same from there on. */
  readonly #settled: ReadonlyMap<number, bigint>;
  /**
   * Registers that are written to linear memory at once, since they would have to be read again after each call for nothing but to be
   * written where ways meet.
   */
  readonly #through: RegisterSet;
  /** Registers that the region gives values that are not near those they had, as bits. */
  readonly #replaced: number;
  /** By blocks that more than one way leads to where they begin, and by the first blocks of loops where those do. */
  readonly #labels: Label[] = [];
  readonly #loops: Label[] = [];
  /** By blocks that more than one way leads to the instructions that have retired before, and are still in the fuel. */
  readonly #retired: number[] = [];
  /** Locals that hold what was stored. */
  #copies = 0;
  readonly #ways: WaysCount;
  readonly #out: WaysOut;
  readonly #emitter: RegionEmitter;
  /** The step that is written, and what is pending before it. */
  #step: Step | undefined;
  #pending: Pending = { dirty: noRegisters, retired: 0 };

  constructor(body: FunctionBody, region: Region, surroundings: Surroundings) {
    this.#body = body;
    this.#region = region;
    this.#around = surroundings;
    this.#memory = surroundings.memory;
    this.#hart = new HartLocals(body);
    this.#settled = settledRegisters(region, (offset) => this.#memory.addressOf(offset));
    const settled = xBits(this.#settled.keys());
    const ask = () => surroundings.breathe(region.flow.blocks.length);
    ask();
    const summaries = summariesOf(region.flow);
    const uses = new RegisterUses(region.flow, summaries, settled);
    ask();
    this.#through = { x: unreadConstants(region, uses.always.x), f: 0 };
    this.#uses = this.#through.x ? new RegisterUses(region.flow, summaries, union(settled, this.#through)) : uses;
    ask();
    this.#words = new WordRegisters(region.flow);
    ask();
    this.#plan = new AccessPlan(region.flow, summaries, surroundings);
    ask();
    this.#replaced = inAny(summaries.replaced);
    this.#ways = countWaysOut(region.flow, this.#uses, this.#plan, summaries, surroundings);
    // Registers and values in between, estimated cautiously.
    const between = (isHuge(region.length, this.#ways.ways) ? 3 : 2) * region.length;
    const frame = frameOf((region.entries.length > 0 ? 264 : 200) + 16 * (registersIn(summaries.x) + registersIn(summaries.f)) + between);
    this.#out = new WaysOut(body, this.#hart, surroundings, region, frame);
    this.#emitter = new RegionEmitter({
      body,
      hart: this.#hart,
      memory: this.#memory,
      alignment: surroundings.alignment,
      leave: (why) => this.#out.leave(this.#step!.offset, why, this.#pending),
      fuel: () => this.#out.fuelLess(this.#pending.retired),
      // Behind a hook nothing may leave.
      isSoft: (offset) => this.#step!.hook !== undefined || surroundings.isSoft(offset),
      callRoutine: (name, operands) => {
        const { tables, placeOf } = surroundings.linkage;
        const called = { table: tables.own, type: calledType.firstRoutine + signatureOf(name) };
        return callIndirect('i64', called, i32.constant(placeOf(name)), ...operands);
      },
    });
  }

  write(): void {
    const { entries, offset, length } = this.#region;
    const { sets, ways } = this.#ways;
    this.#out.checkEntry(entries.length > 0 ? undefined : offset, length, isHuge(length, ways));
    for (const [register, value] of this.#settled) this.#body.store64(zero, i64.constant(value), hartAt.x + register * 8);
    this.#out.meet(sets, ways, () => {
      this.#hart.load(union(this.#uses.live[0]!, this.#uses.always));
      this.#writeTree(0, { dirty: noRegisters, retired: 0 });
    });
    this.#body.unreachable();
  }

  /** Writes a block and all that it dominates (Ramsey, "Beyond Relooper"). */
  #writeTree(index: number, pending: Pending): void {
    const { flow } = this.#region;
    if (!flow.isLoop(index)) {
      this.#writeWithin(index, pending);
      return;
    }
    const start = this.#out.settle(pending, this.#uses.dirty[index]!);
    this.#body.loop((label) => {
      this.#loops[index] = label;
      this.#writeWithin(index, start);
    });
  }

  /** Writes a block, and behind it the blocks that it dominates and several ways lead to. */
  #writeWithin(index: number, pending: Pending): void {
    const { flow } = this.#region;
    const dominated = flow.dominated(index);
    for (let place = dominated.length - 1; place >= 0; place -= 1) {
      const merge = dominated[place]!;
      if (flow.isMerge(merge)) this.#labels[merge] = this.#body.enterBlock();
    }
    this.#writeBlock(index, pending);
    for (const merge of dominated) {
      if (!flow.isMerge(merge)) continue;
      this.#body.leaveBlock();
      this.#writeTree(merge, { dirty: this.#uses.dirty[merge]!, retired: this.#retired[merge] ?? 0 });
    }
  }

  #writeBlock(index: number, start: Pending): void {
    this.#around.breathe();
    const block = this.#region.flow.blocks[index]!;
    const stored = start.stored?.copy() ?? new StoredValues(this.#hart, this.#copy);
    const pending = { dirty: start.dirty, retired: start.retired, stored, extended: start.extended ?? 0 };
    this.#pending = pending;
    let words = this.#words.at(index);
    const last = block.steps.length - 1;
    for (let place = 0; place <= last; place += 1) {
      const step = block.steps[place]!;
      this.#step = step;
      const found = step.effects.access && !step.hook ? stored.load(step) : undefined;
      if (step.written.x !== 0) stored.before(step);
      this.#body.enterScope();
      const check = this.#plan.before(index, place);
      if (check) this.#writeCheck(step, check, pending);
      if (step.hook) this.#writeHook(step, step.hook, pending, stored);
      this.#emitter.write(step, found, step.hook ? 0 : words, pending.extended);
      if (step.written.x & this.#through.x) this.#hart.store(step.written);
      words = wordsAfter(words, step);
      if (place === last) this.#keep(this.#emitter);
      this.#body.leaveScope();
      stored.after(step);
      if (step.written !== noRegisters) pending.dirty = this.#uses.dirtyAfter(pending.dirty, step.written);
      pending.retired += 1;
      pending.extended = (pending.extended & ~step.written.x) | (this.#emitter.extends ? xBit(step.instruction.rd) : 0);
    }
    if (this.#uses.writesBack(index)) {
      this.#hart.store(pending.dirty);
      pending.dirty = noRegisters;
    }
    this.#writeEnd(block, index, pending);
  }

  #writeHook(step: Step, hook: NonNullable<Step['hook']>, pending: Pending, stored: StoredValues): void {
    writeHook(step, hook, {
      body: this.#body,
      hart: this.#hart,
      memory: this.#memory,
      alignment: this.#around.alignment,
      stored,
      fuel: this.#out.fuelLess(pending.retired),
      leave: () => this.#out.leave(step.offset, 'hook', pending),
    });
  }

  /** A value in a local of its own, as long as there are few. */
  readonly #copy = (value: I64): I64 | undefined => {
    if (this.#copies >= mostCopies) return undefined;
    this.#copies += 1;
    const local = this.#body.local('i64');
    this.#body.set(local, value);
    return get(local);
  };

  #condition: I32 | undefined;

  /** Keeps where the last step of a block goes, past the scope of its held values. */
  #keep({ going }: RegionEmitter): void {
    this.#condition = going.kind === 'branch' ? going.condition : undefined;
    if (going.kind === 'jump') this.#body.set(this.#out.target, going.target);
  }

  #writeEnd({ steps, end }: Block, index: number, pending: Pending): void {
    const last = steps.at(-1);
    switch (end.kind) {
      case 'goto':
        this.#goTo(end.to, index, pending);
        return;
      case 'branch':
        this.#body.if(
          this.#condition!,
          () => this.#goTo(end.taken, index, pending),
          () => this.#goTo(end.next, index, pending),
        );
        return;
      case 'call':
        this.#call(end.by ?? last!, end.callee, end.back, index, pending);
        return;
      case 'guess':
        this.#body.if(i64.ne(get(this.#out.target), this.#out.address(end.offset)), () => {
          if (end.otherwise) this.#goTo(end.otherwise, index, pending);
          else this.#out.jumpElsewhere(last!.offset, pending);
        });
        this.#goTo(end.to, index, pending);
        return;
      case 'return': {
        const { expected } = end;
        if (!expected) {
          this.#out.jumpOut(last!.offset, get(this.#out.target), pending);
          return;
        }
        const other = i64.ne(get(this.#out.target), this.#out.address(expected.offset));
        this.#body.if(other, () => this.#out.jumpOut(last!.offset, get(this.#out.target), pending));
        this.#goTo(expected.to, index, pending);
        return;
      }
      case 'indirect': {
        const { targets, jumps } = end;
        if (jumps) this.#body.if(this.#isFuelLow, () => this.#out.leaveAtTarget('fuel', pending.dirty));
        this.#goByTable(targets, index, pending, (behind) => this.#out.jumpOn(jumps ?? [last!], jumps !== undefined, behind));
        return;
      }
      case 'enter':
        this.#goByTable(end.targets, index, pending, () => this.#body.unreachable());
        return;
      case 'leave':
        this.#out.leave(end.offset, end.why, pending);
    }
  }

  #goTo(target: Target, from: number, pending: Pending): void {
    if (!isBlock(target)) {
      this.#out.goOutside(target.from, target.outside, pending);
      return;
    }
    const { flow } = this.#region;
    const to = target.index;
    if (to <= from) {
      const { dirty } = this.#out.settle(pending, pending.dirty);
      if (isDispatch(target)) this.#out.noteJump(flow.blocks[from]!.steps.at(-1)!.offset);
      else this.#checkFuel(startOf(target), dirty);
      this.#body.branch(this.#loops[to]!);
    } else if (flow.isMerge(to)) {
      this.#out.take(pending.retired - this.#retiredBefore(to, pending.retired));
      this.#body.branch(this.#labels[to]!);
    } else {
      this.#writeTree(to, pending);
    }
  }

  /**
   * The instructions that have retired before a block that several ways lead to, and are still in the fuel: as many as on the first of them,
   * which `retired` is, so that it has nothing to do. None where a table of jumps is one of the ways.
   */
  #retiredBefore(index: number, retired: number): number {
    const { flow } = this.#region;
    let before = this.#retired[index];
    if (before === undefined) {
      before = flow.predecessors(index).some((from) => isTable(flow.blocks[from]!.end)) ? 0 : retired;
      this.#retired[index] = before;
    }
    return before;
  }

  #checkFuel(offset: number, dirty: RegisterSet): void {
    this.#body.if(this.#isFuelLow, () => this.#out.leave(offset, 'fuel', { dirty, retired: 0 }));
  }

  get #isFuelLow(): I32 {
    return i32.ltS(get(this.#out.fuel), i32.constant(this.#region.length));
  }

  /** Calls the region at the callee, and goes on where it returns to the instruction after the call. */
  #call({ offset, end: returnTo }: Step, callee: number | undefined, back: Target, index: number, pending: Pending): void {
    const target = callee === undefined ? get(this.#out.target) : this.#out.address(callee);
    this.#hart.store(pending.dirty);
    const { linkage } = this.#around;
    const result = this.#out.result;
    const stack = this.#out.stackWithin;
    if (callee === this.#region.offset) {
      this.#body.call([result, this.#out.fuel], linkage.functionIndex, this.#out.fuelLess(pending.retired), stack);
    } else if (callee === undefined) {
      this.#out.callBy(offset, pending.retired);
    } else {
      const called = { table: linkage.tables.own, type: calledType.region };
      const place = i32.constant(linkage.placeOf(callee));
      this.#body.callIndirect([result, this.#out.fuel], called, place, this.#out.fuelLess(pending.retired), stack);
    }
    const elsewhere = i64.ne(get(result), this.#out.address(returnTo));
    this.#body.if(elsewhere, () => {
      const operands = [get(result), get(this.#out.fuel), stack, this.#out.address(returnTo), target, i32.constant(offset)];
      const goOn = { table: linkage.tables.own, type: calledType.goOn };
      this.#body.callIndirect([result, this.#out.fuel], goOn, i32.constant(linkage.placeOf('goOn')), ...operands);
      this.#body.if(i64.ne(get(result), this.#out.address(returnTo)), () => this.#body.return(get(result), get(this.#out.fuel)));
    });
    this.#checkFuel(returnTo, noRegisters);
    const loaded = isBlock(back) ? this.#uses.live[back.index]! : noRegisters;
    this.#hart.load(union(loaded, this.#uses.always));
    this.#goTo(back, index, { dirty: noRegisters, retired: 0 });
  }

  /** Goes to one of the targets, to where a step jumps or the region is entered, and does what is written by `otherwise` where it is none. */
  #goByTable(
    targets: readonly { readonly offset: number; readonly to: Target }[],
    index: number,
    pending: Pending,
    otherwise: (pending: Pending) => void,
  ): void {
    const known = targets.flatMap(({ offset, to }) => (isBlock(to) ? [{ offset, to }] : []));
    if (known.length === 0) {
      otherwise(pending);
      return;
    }
    this.#out.settle(pending, pending.dirty);
    const settled = { dirty: pending.dirty, retired: 0 };
    const lowest = Math.min(...known.map(({ offset }) => offset));
    const table = jumpTableOf(known.map(({ offset }) => offset - lowest));
    // What has to be done before a target's block is gone to stands in a block of its own.
    const isExact = table.bits === undefined;
    const withBlocks = isExact ? known.filter(({ to }) => to.index <= index) : known;
    this.#body.block((elsewhere) => {
      const labels = new Map<Block, Label>();
      for (const { to } of withBlocks) labels.set(to, this.#body.enterBlock());
      this.#body.scope(() => {
        const distance = this.#body.hold(i64.sub(get(this.#out.target), this.#out.address(lowest)));
        if (isExact) this.#body.branchIf(elsewhere, i64.geU(distance, i64.constant(2 * table.entries.length)));
        const entries = table.entries.map((entry) => {
          const to = known[entry]?.to;
          return to ? (labels.get(to) ?? this.#labels[to.index]!) : elsewhere;
        });
        this.#body.branchTable(entries, elsewhere, entryOf(table, i32.wrap(distance)));
      });
      for (let place = withBlocks.length - 1; place >= 0; place -= 1) {
        this.#around.breathe();
        const { offset, to } = withBlocks[place]!;
        this.#body.leaveBlock();
        if (!isExact) this.#body.branchIf(elsewhere, i64.ne(get(this.#out.target), this.#out.address(offset)));
        if (to.index <= index) {
          this.#checkFuel(offset, pending.dirty);
          this.#body.branch(this.#loops[to.index]!);
        } else this.#body.branch(this.#labels[to.index]!);
      }
    });
    otherwise(settled);
  }

  /** Leaves unless all bytes that the check covers may be accessed. */
  #writeCheck({ offset }: Step, check: Check, pending: Pending): void {
    const where = this.#around.expect(offset, check, !((this.#replaced >>> check.base) & 1));
    writeCheck(this.#body, this.#memory, where, check, this.#hart.x(check.base), () => this.#out.leave(offset, 'check', pending));
  }
}

/** How many registers a region has to do with. */
function registersIn({ read, written }: BankSummary): number {
  return numbersIn(inAny(read) | inAny(written)).length;
}
