import assert from 'node:assert/strict';
import { TraceText } from '../../ftrace/output/trace-text';
import { recordType, type TraceRecord } from '../../ftrace/ring-buffer';
import { DebugInfo } from '../../program/debug-info';
import { DebugSections } from '../../program/dwarf/debug-sections';
import type { Program, ProgramSymbol } from '../../program/program';

/** What Linux 6.12 printed on riscv64, for the task with PID 1. */
const recorded = `\
# tracer: function
#
# entries-in-buffer/entries-written: 14/16   #P:1
#
#                                _-----=> irqs-off/BH-disabled
#                               / _----=> need-resched
#                              | / _---=> hardirq/softirq
#                              || / _--=> preempt-depth
#                              ||| / _-=> migrate-disable
#                              |||| /     delay
#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
#              | |         |   |||||     |         |
            init-1       [000] .....     2.641115: vfs_open <-path_openat
            init-1       [000] .....     2.641480: vfs_open <-path_openat
            init-1       [000] .....     2.658044: vfs_open <-path_openat
`;

describe('the trace text', () => {
  it('is what the kernel prints', () => {
    const text = new TraceText({ program: programOf('init') });
    const lines = [2641115000n, 2641480000n, 2658044000n].map((timestamp) => text.line(recordAt(timestamp)));
    assert.equal(`${[...text.header({ entries: 14, overrun: 2 }), ...lines].join('\n')}\n`, recorded);
  });

  it('names the nop tracer where nothing was traced', () => {
    assert.equal(new TraceText({ program: programOf('init') }).header({ entries: 0, overrun: 0 }, 'nop')[0], '# tracer: nop');
  });

  it('rounds the time to the nearest microsecond and widens its column as printf does', () => {
    const text = new TraceText({ program: programOf('init') });
    const times: [nanoseconds: bigint, printed: string][] = [
      [0n, ' .....     0.000000: '],
      [499n, ' .....     0.000000: '],
      [500n, ' .....     0.000001: '],
      [999_999_500n, ' .....     1.000000: '],
      [99_999_000_000_000n, ' ..... 99999.000000: '],
      [1_234_567_000_001_000n, ' ..... 1234567.000001: '],
    ];
    for (const [nanoseconds, printed] of times) assert.ok(text.line(recordAt(nanoseconds)).includes(printed), printed);
  });

  it('cuts the task to 15 characters', () => {
    const line = new TraceText({ program: programOf('a_name_of_20_letters') }).line(recordAt(0n));
    assert.match(line, /^ a_name_of_20_le-1 {7}\[000\]/);
  });

  it('prints an address without a symbol as the kernel does', () => {
    const text = new TraceText({ program: programOf('init') });
    assert.equal(text.symbol(0n), '0');
    assert.equal(text.symbol(0x1234n), '0x00001234');
    assert.equal(text.symbol(0xffff_ffff_ffff_fffcn), '0xfffffffffffffffc');
  });
});

const functions: ProgramSymbol[] = [
  { name: 'vfs_open', address: 0x10000n, size: 0x20n, kind: 'function', global: true },
  { name: 'path_openat', address: 0x10020n, size: 0x20n, kind: 'function', global: true },
];

function programOf(name: string): Program {
  const functionAt = (address: bigint) => functions.find((each) => each.address <= address && address < each.address + each.size);
  const symbols = { all: functions, functionAt, named: () => undefined, threadLocal: () => undefined, nearest: () => undefined };
  return {
    name,
    image: new Uint8Array(),
    entry: 0x10000n,
    segments: [],
    symbols,
    lines: {
      paths: [],
      at: () => undefined,
      addressesOf: () => undefined,
      linesWithCode: () => [],
      statementsIn: () => [],
      bodyAddress: ({ address }) => address,
      breakpointAddress: ({ address }) => address,
    },
    debugInfo: new DebugInfo(new DebugSections({ name, image: new Uint8Array(), sections: [], bias: 0n }), symbols, undefined),
    callFrames: { rulesAt: () => undefined, isSignalFrameAt: () => false, rangeAt: () => undefined, rangesSaving: () => [] },
    callSites: [],
    refusedCallSites: [],
    notes: [],
    embeddedSources: new Map(),
  };
}

function recordAt(timestamp: bigint): TraceRecord {
  return {
    number: 0,
    type: recordType.function,
    timestamp,
    ip: 0x10000n,
    parentIp: 0x1002cn,
    depth: 0,
    regs: {} as TraceRecord['regs'],
    words: new BigUint64Array(13),
    payload: undefined,
  };
}
