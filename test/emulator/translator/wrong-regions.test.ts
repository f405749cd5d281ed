import assert from 'node:assert/strict';
import { hartAt } from '../../../emulator/linear-memory';
import { RegionEmitter } from '../../../emulator/translator/region-emitter';
import { type I64, i32, i64 } from '../../../emulator/wasm/expression';
import { FunctionBody } from '../../../emulator/wasm/function-body';
import { Lockstep } from './lockstep';
import { Pair } from './pair';

/** Stores numbers, whole and as doubles, that count up, into one page; sometimes it takes and gives back a reservation. */
const counting = `
        .globl _start
_start: la s0, slots
        li s1, 0
again:  addi s1, s1, 1
        andi t0, s1, 15
        slli t0, t0, 3
        add t0, t0, s0
        sd s1, 0(t0)
        add s2, s2, s1
        fcvt.d.l fa0, s1
        fsd fa0, 128(t0)
        lr.d t1, (s0)
        andi t2, s1, 1
        beqz t2, again
        sc.d t3, t1, (s0)
        j again
        .data
        .align 12
slots:  .zero 4096
other:  .zero 4096
`;

/** Numbers up to this are stored rightly: by then all of memory has been compared at each place. */
const rightUpTo = 600n;
const instructionsEach = 12n;
const slice = 61;

type Store = RegionEmitter['store'];
type Change = (this: RegionEmitter, store: Store, ...operands: Parameters<Store>) => void;

/** The bits of doubles are much greater. */
const isWrong = (value: I64) => i64.ltU(i64.sub(value, i64.constant(rightUpTo + 1n)), i64.constant(rightUpTo));
const holding = (change: Change): Change =>
  function (store, address, size, value) {
    change.call(this, store, address, size, this.hold(value));
  };

/** What a translator may do wrongly with the store of a number above the right ones, and what is said of it. */
const wrongStores: Readonly<Record<string, readonly [Change, RegExp]>> = {
  'stores another value': [
    holding(function (store, address, size, value) {
      store.call(this, address, size, i64.add(value, i64.extendU(isWrong(value))));
    }),
    /^memory at 0x[0-9a-f]+ is \d+ where the interpreter has \d+/,
  ],
  'does not store': [
    holding(function (store, address, size, value) {
      this.if(
        isWrong(value),
        () => {},
        () => store.call(this, address, size, value),
      );
    }),
    /^memory at /,
  ],
  'stores elsewhere, in a page that is not written': [
    holding(function (store, address, size, value) {
      this.if(
        isWrong(value),
        () => displaced(0x1000, () => store.call(this, address, size, value)),
        () => store.call(this, address, size, value),
      );
    }),
    /^memory at /,
  ],
  'stores into the next byte': [
    holding(function (store, address, size, value) {
      this.if(
        isWrong(value),
        () => displaced(1, () => store.call(this, address, size, value)),
        () => store.call(this, address, size, value),
      );
    }),
    /^memory at /,
  ],
};

/** What else of the hart may be wrong, as bytes that are written beside a store; and its name. */
const wrongState: Readonly<Record<string, readonly [number, RegExp]>> = {
  'a register that is not used again': [hartAt.x + 8 * 31, /^x31 is 1 where the interpreter has 0/],
  'a floating-point register': [hartAt.f + 8 * 31, /^f31 is /],
  'the flags of floating point': [hartAt.fcsr, /^fcsr is /],
  'the reservation': [hartAt.reservation, /^reservation is /],
};

describe('a translator that is wrong', () => {
  for (const [what, [change, message]] of Object.entries(wrongStores)) {
    it(`is found at the exit where it ${what}`, () => expectFound(change, message));
  }

  for (const [what, [at, message]] of Object.entries(wrongState)) {
    it(`is found at the exit where it spoils ${what}`, () => {
      const spoil: Change = function (store, address, size, value) {
        const held = this.hold(value);
        store.call(this, address, size, held);
        this.if(
          isWrong(held),
          () => bodyOf(() => store.call(this, address, size, held)).storeLow(1, i32.constant(0), i64.constant(1n), at),
          () => {},
        );
      };
      expectFound(spoil, message);
    });
  }

  it('is found at the end, at the latest, where it writes what the interpreter does not', () => {
    const also: Change = function (store, address, size, value) {
      const held = this.hold(value);
      store.call(this, address, size, held);
      this.if(
        isWrong(held),
        () => displaced(0x1000, () => store.call(this, address, size, held)),
        () => {},
      );
    };
    withStores(also, () => {
      const both = lockstep();
      const end = 2n * rightUpTo * instructionsEach;
      assert.throws(() => {
        while (both.ours.instret < end) both.run(slice);
        both.end();
      }, /memory at /);
      assert.ok(both.ours.instret >= rightUpTo * (instructionsEach - 2n));
    });
  });

  it('is not found where nothing is wrong', () => {
    const both = lockstep();
    for (let count = 0; count < 1000; count += 1) both.run(slice);
    both.end();
    assert.ok(both.exits > 500 && both.pages > 500, `${both.exits} exits, ${both.pages} pages`);
  });
});

function lockstep(): Lockstep {
  const { ours, theirs } = new Pair(counting);
  return new Lockstep(ours, theirs, 'counting');
}

/** Runs with stores changed; the first exit after the first wrong one must say so. */
function expectFound(change: Change, message: RegExp): void {
  withStores(change, () => {
    const both = lockstep();
    const until = (instret: bigint) => {
      while (both.ours.instret < instret) both.run(slice);
    };
    until(rightUpTo * (instructionsEach - 2n));
    assert.throws(
      () => until(rightUpTo * instructionsEach * 2n),
      (error: Error) => {
        assert.match(error.message, message);
        return true;
      },
    );
    // s1 counts the rounds: the wrong one is in the slice that was executed last.
    const rounds = both.theirs.readX(9) - rightUpTo;
    assert.ok(rounds >= 1n && rounds <= BigInt(slice) / 10n + 1n, `${rounds} rounds later`);
  });
}

/** While it lasts, translators write stores by `change`. */
function withStores(change: Change, use: () => void): void {
  const { store } = RegionEmitter.prototype;
  RegionEmitter.prototype.store = function (...operands) {
    change.call(this, store, ...operands);
  };
  try {
    use();
  } finally {
    RegionEmitter.prototype.store = store;
  }
}

/** What is written meanwhile is stored so many bytes further. */
function displaced(bytes: number, write: () => void): void {
  const { storeLow } = FunctionBody.prototype;
  FunctionBody.prototype.storeLow = function (size, address, value, offset = 0) {
    storeLow.call(this, size, address, value, offset + bytes);
  };
  try {
    write();
  } finally {
    FunctionBody.prototype.storeLow = storeLow;
  }
}

/** The body that a store would be written into, which is not. */
function bodyOf(write: () => void): FunctionBody {
  const { storeLow } = FunctionBody.prototype;
  let body: FunctionBody | undefined;
  FunctionBody.prototype.storeLow = function () {
    body = this;
  };
  try {
    write();
  } finally {
    FunctionBody.prototype.storeLow = storeLow;
  }
  assert.ok(body);
  return body;
}
