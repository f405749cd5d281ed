import { GroupWriter } from '../../emulator/recorder/hooks';
import { writeKeyLookup } from '../../emulator/recorder/key-lookup';
import { writeOffset, writePageCheck } from '../../emulator/recorder/memory-checks';
import type { HookWriting, NativeHook } from '../../emulator/recorder/native-hook';
import { entryField } from '../../emulator/recorder/recorder-layout';
import { writeTrueReturn } from '../../emulator/recorder/taken-returns';
import { type I32, type I64, i32, i64, select } from '../../emulator/wasm/expression';
import { type FunctionBody, get, type Local } from '../../emulator/wasm/function-body';
import type { FrameLayout } from '../frame-layout';
import { ftraceRegsNames } from '../ftrace-regs';
import { recordType } from '../ring-buffer';
import { requireKnownRoom, writeCallLimits, writeReturnLimits, writeTakeRoom } from './call-limits';
import type { ReturningCall } from './return-walk';
import { mostFrames, shadowFrame, shadowHead } from './shadow-stack';

/** What the engine has to know to trace calls and returns by itself. */
export interface NativeGraph {
  /** The number of the action, and the group of graph_ops. */
  readonly id: number;
  readonly group: number;
  readonly layout: FrameLayout;
  readonly returnToHandler: bigint;
  /** Where the frame of return_to_handler has ra, a0 and s0, and its size. */
  readonly returnFrame: { readonly ra: number; readonly a0: number; readonly s0: number; readonly size: number };
  /** The shadow stack's address in guest memory, once it has one. */
  shadow(): bigint | undefined;
}

/** Writes what else is to be recorded of a return: what may leave, and what it gives, when nothing has. */
export type ReturnRecorder = (writing: HookWriting, call: ReturningCall) => () => void;

/** Bits above a record's type: for which users it is. */
export const usersShift = 16;
/** In the registers of a record of a return, what is for its users alone, and taken out before it is kept: the time of children. */
export const childTimeWord = 4;

const [ra, sp, a0, a1, a2, a3] = [1, 2, 10, 11, 12, 13];
const zero = i32.constant(0);

/** `ftrace_graph_func`, where nothing is to be done but to take the return address and to make records. */
export function nativeGraphEntry(graph: NativeGraph): NativeHook {
  return { reads: [a0, a1, a2, a3], writes: [], writesMemory: true, write: (writing) => writeEntry(writing, graph) };
}

/** `ftrace_return_to_handler`, for the innermost call and as it was expected; with what users by their bits record by themselves. */
export function nativeGraphReturn(graph: NativeGraph, recorders: ReadonlyMap<number, ReturnRecorder>): NativeHook {
  const reads = recorders.size > 0 ? [a0, sp, ra] : [a0, sp];
  return { reads, writes: [a0], writesMemory: true, write: (writing) => writeReturn(writing, graph, recorders) };
}

function writeEntry(writing: HookWriting, graph: NativeGraph): void {
  const { body, memory, leave, retired } = writing;
  const shadow = ShadowWriter.of(writing, graph);
  if (!shadow) return;
  const place = writeKeyLookup(writing, [a0, a2], leave);
  const group = new GroupWriter(writing, body.hold(i32.load16U(place, entryField.group)));
  body.block((done) => {
    group.requireAction([graph.id], done);
    const users = body.hold(i32.load16U(place, entryField.users));
    body.if(i32.and(users, group.users('callback')), leave);
    group.requireRoom(recordWords * 8);
    const start = writing.x(a3);
    const frame = writeOffset(writing, start, graph.layout.size, 'data');
    const field = (name: string): I64 => {
      if (name === 'sp' && !graph.layout.keepsCallerSp) return i64.add(start, i64.constant(graph.layout.sizeOnStack));
      const known = graph.layout.field(name);
      if (!known?.kept) return i64.constant(0);
      return writing.stored(a3, known.offset) ?? i64.load(frame, memory.windowAt + known.offset);
    };
    const regs = ftraceRegsNames.map((name) => body.hold(field(name)));
    const value = (name: (typeof ftraceRegsNames)[number]) => regs[ftraceRegsNames.indexOf(name)]!;
    const depth = shadow.depth();
    body.if(i64.geU(depth, i64.constant(mostFrames)), leave);
    const isOutermost = i64.eqz(depth);
    const at = shadow.frameAt(depth, isOutermost);
    const below = (offset: number) => i64.load(at, memory.windowAt + offset - shadowFrame.size);
    const handler = i64.constant(graph.returnToHandler);
    const isTailCall = body.hold(i64.eq(value('ra'), handler));
    const parent = body.hold(select(isTailCall, below(shadowFrame.ret), value('ra')));
    // The hart is within the call below, in whose place a tail call is; else a longjmp has left that behind.
    const isAsBelow = i64.eq(below(shadowFrame.sp), value('sp'));
    const isTailOfOther = i32.or(i32.or(isOutermost, i32.eqz(isAsBelow)), i64.eq(parent, handler));
    const isLost = i32.and(i32.eqz(isOutermost), i64.leU(below(shadowFrame.sp), value('sp')));
    body.if(select(isTailCall, isTailOfOther, isLost), leave);
    const among = (name: 'wanting' | 'entry' | 'count') => localOf(body, i32.and(users, group.users(name)));
    const own = { wanting: among('wanting'), entry: among('entry'), counting: among('count') };
    body.if(i32.and(users, group.users('special')), () => {
      writeSwitchedOff(body, i32.and(get(own.entry), group.users('off')), [own.wanting, own.entry]);
      const bounded = () => body.hold(i32.and(get(own.entry), group.users('bounded')));
      requireKnownRoom(writing, bounded());
      const limited = body.hold(i32.and(users, group.users('limited')));
      body.if(limited, () => writeCallLimits(writing, group, limited, i32.load16U(place, entryField.marks), depth, own));
      writeTakeRoom(writing, bounded(), [own.wanting, own.entry]);
    });
    const [wanted, recorded] = [get(own.wanting), get(own.entry)];
    const counts = i32.ne(get(own.counting), zero);
    body.store64(place, i64.add(i64.load(place, entryField.hits), i64.extendU(counts)), entryField.hits);
    body.branchIf(done, i32.eqz(wanted));
    body.if(recorded, () => group.append([retired, writing.x(a0), parent, kindOf(recordType.graphEntry, recorded, depth), ...regs]));
    const args = regs.slice(ftraceRegsNames.indexOf('a0'));
    const words = [
      value('ra'),
      writing.x(a0),
      value('s0'),
      value('sp'),
      retired,
      i64.extendU(wanted),
      i64.constant(0),
      i64.constant(0),
      ...args,
    ];
    words.forEach((word, index) => {
      body.store64(at, word, memory.windowAt + 8 * index);
    });
    body.store64(frame, i64.constant(graph.returnToHandler), memory.windowAt + graph.layout.field('ra')!.offset);
    shadow.setDepth(i64.add(depth, i64.constant(1)));
  });
}

function writeReturn(writing: HookWriting, graph: NativeGraph, recorders: ReadonlyMap<number, ReturnRecorder>): void {
  const { body, memory, leave, retired } = writing;
  const shadow = ShadowWriter.of(writing, graph);
  if (!shadow) return;
  const group = new GroupWriter(writing, i32.constant(graph.group));
  body.block((nothing) => {
    group.requireAction([graph.id], nothing);
    group.requireRoom(recordWords * 8);
    const start = writing.x(a0);
    body.if(i64.ne(start, writing.x(sp)), leave);
    const { returnFrame } = graph;
    const frame = writeOffset(writing, start, returnFrame.size, 'mapped');
    const index = body.hold(i64.sub(shadow.depth(), i64.constant(1)));
    body.if(i64.geU(index, i64.constant(mostFrames)), leave);
    const isOutermost = i64.eqz(index);
    const at = shadow.frameAt(index, isOutermost);
    const top = (offset: number) => i64.load(at, memory.windowAt + offset);
    const users = body.hold(i32.wrap(top(shadowFrame.users)));
    const callerSp = i64.add(start, i64.constant(returnFrame.size));
    const isOther = i32.or(
      i64.ne(top(shadowFrame.fp), i64.load(frame, memory.windowAt + returnFrame.s0)),
      i32.or(i64.ne(top(shadowFrame.sp), callerSp), i64.ne(top(shadowFrame.hasData), i64.constant(0))),
    );
    body.if(i32.or(isOther, i32.and(users, group.users('callback'))), leave);
    const inFrame = (offset: number) => i64.load(frame, memory.windowAt + offset);
    const call: ReturningCall = {
      ret: top(shadowFrame.ret),
      caller: () => writeTrueReturn(writing, i64.constant(graph.shadow()!), i64.constant(graph.returnToHandler), body.hold(callerSp)),
      retval: inFrame(returnFrame.a0),
      argument: (place) => top(shadowFrame.args + 8 * place),
      sp: callerSp,
      s0: inFrame(returnFrame.s0),
      ra: inFrame(returnFrame.ra),
    };
    const finishes = [...recorders].map(([bit, recorder]) => {
      const isItsUser = i32.and(users, i32.constant(bit));
      let finish = (): void => {};
      body.if(isItsUser, () => {
        finish = recorder(writing, call);
      });
      return () => body.if(isItsUser, finish);
    });
    const callTime = body.hold(top(shadowFrame.callTime));
    const recorded = localOf(body, i32.and(users, group.users('return')));
    body.if(i32.and(users, group.users('special')), () => {
      writeSwitchedOff(body, i32.and(get(recorded), group.users('off')), [recorded]);
      const bounded = () => body.hold(i32.and(get(recorded), group.users('bounded')));
      requireKnownRoom(writing, bounded());
      const limited = body.hold(i32.and(users, group.users('limited')));
      body.if(limited, () => writeReturnLimits(writing, group, limited, index, i64.sub(retired, callTime), recorded));
      writeTakeRoom(writing, bounded(), [recorded]);
    });
    body.if(get(recorded), () => {
      const regs: I64[] = ftraceRegsNames.map(() => i64.constant(0));
      [callTime, retired, call.retval, shadow.overrun(), top(shadowFrame.childTime)].forEach((word, place) => {
        regs[place] = word;
      });
      const kind = kindOf(recordType.graphExit, get(recorded), index);
      group.append([retired, top(shadowFrame.ip), call.ret, kind, ...regs]);
    });
    for (const finish of finishes) finish();
    shadow.setDepth(index);
    body.if(i32.eqz(isOutermost), () => {
      const childTime = memory.windowAt + shadowFrame.childTime - shadowFrame.size;
      body.store64(at, i64.add(i64.load(at, childTime), i64.sub(retired, callTime)), childTime);
    });
    writing.setX(a0, call.ret);
  });
}

function writeSwitchedOff(body: FunctionBody, off: I32, sets: readonly Local<'i32'>[]): void {
  const on = body.hold(i32.xor(off, i32.constant(-1)));
  for (const local of sets) body.set(local, i32.and(get(local), on));
}

/** Words of a record: its time, addresses, kind and registers. */
const recordWords = 4 + ftraceRegsNames.length;

function localOf(body: FunctionBody, value: I32): Local<'i32'> {
  const local = body.local('i32');
  body.set(local, value);
  return local;
}

/** The word with a record's type, users and depth. */
function kindOf(type: number, users: I32, depth: I64): I64 {
  const low = i32.or(i32.shl(users, i32.constant(usersShift)), i32.constant(type));
  return i64.or(i64.extendU(low), i64.shl(depth, i64.constant(32)));
}

/** Writes what is done with the shadow stack. */
class ShadowWriter {
  private constructor(
    private readonly writing: HookWriting,
    /** Where it is in the guest's window. */
    private readonly offset: number,
  ) {}

  /** Undefined where it is not there yet: everything is left to the callback. */
  static of(writing: HookWriting, graph: NativeGraph): ShadowWriter | undefined {
    const address = graph.shadow();
    if (address !== undefined) return new ShadowWriter(writing, Number(address - writing.memory.base));
    writing.leave();
    return undefined;
  }

  depth(): I64 {
    const { body, memory } = this.writing;
    writePageCheck(this.writing, i32.constant(this.offset), shadowHead.size, 'data');
    return body.hold(i64.load(zero, memory.windowAt + this.offset + shadowHead.depth));
  }

  setDepth(depth: I64): void {
    this.writing.body.store64(zero, depth, this.writing.memory.windowAt + this.offset + shadowHead.depth);
  }

  /** Calls that were too deep. */
  overrun(): I64 {
    return i64.load32U(zero, this.writing.memory.windowAt + this.offset + shadowHead.overrun);
  }

  /** The offset in the window of a frame. It and the one before it, where there is one, can be accessed. */
  frameAt(index: I64, isOutermost: I32): I32 {
    const { body } = this.writing;
    const behind = i32.mul(i32.wrap(index), i32.constant(shadowFrame.size));
    const at = body.hold(i32.add(behind, i32.constant(this.offset + shadowHead.size)));
    const { size } = shadowFrame;
    const first = body.hold(i32.sub(at, select(isOutermost, zero, i32.constant(size))));
    writePageCheck(this.writing, first, 2 * size, 'data');
    return at;
  }
}
