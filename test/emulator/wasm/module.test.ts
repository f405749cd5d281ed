import assert from 'node:assert/strict';
import { Bytes } from '../../../emulator/wasm/bytes';
import { i32, i64, select } from '../../../emulator/wasm/expression';
import { type FunctionBody, get, type Label } from '../../../emulator/wasm/function-body';
import { encodeModule } from '../../../emulator/wasm/module';

describe('WebAssembly encoder', () => {
  it('writes numbers as the examples of the LEB128 definition', () => {
    // DWARF 5, section 7.6, figures 22 and 23.
    const ofUnsigned = { 2: [2], 127: [0x7f], 128: [0x80, 1], 129: [0x81, 1], 12857: [0xb9, 0x64] };
    for (const [value, bytes] of Object.entries(ofUnsigned))
      assert.deepEqual(
        written((code) => code.unsigned(Number(value))),
        bytes,
      );
    const ofSigned: [bigint, number[]][] = [
      [2n, [2]],
      [-2n, [0x7e]],
      [127n, [0xff, 0]],
      [-127n, [0x81, 0x7f]],
      [128n, [0x80, 1]],
      [-128n, [0x80, 0x7f]],
      [-(2n ** 63n), [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f]],
    ];
    for (const [value, bytes] of ofSigned) {
      assert.deepEqual(
        written((code) => code.signedWide(value)),
        bytes,
      );
      if (Number.isSafeInteger(Number(value)))
        assert.deepEqual(
          written((code) => code.signed(Number(value))),
          bytes,
        );
    }
    assert.deepEqual(
      written((code) => code.unsigned(2 ** 32 - 1)),
      [0xff, 0xff, 0xff, 0xff, 0x0f],
    );
  });

  it('writes a module byte by byte as the core specification lays it out', () => {
    const bytes = encodeModule(1, [
      { name: 'f', parameters: ['i32'], results: ['i32'], write: (body) => body.return(i32.add(parameter, i32.constant(1))) },
    ]);
    const expected = [
      ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      ...[0x01, 0x06, 0x01, 0x60, 0x01, 0x7f, 0x01, 0x7f],
      ...[0x02, 0x11, 0x01, 0x04, 0x68, 0x6f, 0x73, 0x74, 0x06, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 0x02, 0x01, 0x01, 0x01],
      ...[0x03, 0x02, 0x01, 0x00],
      ...[0x07, 0x05, 0x01, 0x01, 0x66, 0x00, 0x00],
      ...[0x0a, 0x0a, 0x01, 0x08, 0x00, 0x20, 0x00, 0x41, 0x01, 0x6a, 0x0f, 0x0b],
    ];
    assert.deepEqual([...bytes], expected);
  });

  it('branches out of blocks, back in loops and through tables', () => {
    const sum = compile((body) => {
      const total = body.local('i32');
      body.loop((again) => {
        body.set(total, i32.add(get(total), parameter));
        body.set({ type: 'i32', index: 0 }, i32.sub(parameter, i32.constant(1)));
        body.branchIf(again, parameter);
      });
      body.return(get(total));
    });
    assert.equal(sum(10), 55);

    const table = compile((body) => {
      const labels: Label[] = [];
      body.block((otherwise) => {
        body.block((one) => {
          body.block((zero) => {
            labels.push(zero, one);
            body.branchTable(labels, otherwise, parameter);
          });
          body.return(i32.constant(100));
        });
        body.return(i32.constant(101));
      });
      body.return(i32.constant(-1));
    });
    assert.deepEqual([0, 1, 2, 99].map(table), [100, 101, -1, -1]);
  });

  it('chooses between the arms of an if', () => {
    const sign = compile((body) => {
      body.if(
        i32.ltS(parameter, i32.constant(0)),
        () => body.return(i32.constant(-1)),
        () => body.return(select(parameter, i32.constant(1), i32.constant(0))),
      );
      body.return(i32.constant(99));
    });
    assert.deepEqual([-5, 0, 7].map(sign), [-1, 0, 1]);
  });

  it('stores and loads with offsets, at every width', () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
    const roundTrip = compile((body) => {
      body.storeLow(8, i32.constant(0), i64.constant(-1n), 200);
      body.storeLow(1, i32.constant(200), i64.constant(0x1122n));
      body.storeLow(2, i32.constant(202), i64.constant(0x3344n));
      body.storeLow(4, i32.constant(204), i64.constant(0x5566_7788n));
      body.return(i32.wrap(i64.load(parameter, 200)));
    }, memory);
    assert.equal(roundTrip(0) >>> 0, 0x3344ff22);
    assert.equal(new DataView(memory.buffer).getUint32(204, true), 0x55667788);
  });

  it('accesses constant addresses without an offset, as far as they reach', () => {
    const write = (body: FunctionBody) => {
      body.store64(i32.constant(8), i64.load(i32.constant(16), 24), 32);
      body.return(i32.load8U(i32.constant(-16), 32));
    };
    const module = Buffer.from(encodeModule(1, [{ name: 'f', parameters: [], results: ['i32'], write }]));
    const code = [0x41, 0x28, 0x41, 0x28, 0x29, 0x03, 0x00, 0x37, 0x03, 0x00, 0x41, 0x70, 0x2d, 0x00, 0x20, 0x0f];
    assert.ok(module.includes(Buffer.from(code)));
  });

  it('links with a memory that has more pages only where that is said', () => {
    const memory = new WebAssembly.Memory({ initial: 2, maximum: 2 });
    const link = (orMorePages: boolean) =>
      new WebAssembly.Instance(new WebAssembly.Module(encodeModule(1, [], { orMorePages })), { host: { memory } });
    assert.throws(() => link(false), /larger maximum size/);
    assert.ok(link(true));
  });

  it('gives held values a place of their own, and the place back after the scope', () => {
    const twice = compile((body) => {
      body.scope(() => {
        const held = body.hold(i32.add(parameter, i32.constant(1)));
        body.set({ type: 'i32', index: 0 }, i32.mul(held, held));
      });
      body.scope(() => {
        body.set({ type: 'i32', index: 0 }, body.hold(i32.add(parameter, i32.constant(1))));
      });
      body.return(parameter);
    });
    assert.equal(twice(4), 26);
    const module = encodeModule(1, [
      {
        name: 'f',
        parameters: [],
        results: ['i32'],
        write: (body) => {
          for (let count = 0; count < 50; count += 1) body.scope(() => void body.hold(i32.constant(count)));
          body.return(i32.constant(0));
        },
      },
    ]);
    const oneLocal = [0x01, 0x01, 0x7f, 0x41, 0x00, 0x21, 0x00];
    assert.ok(Buffer.from(module).includes(Buffer.from(oneLocal)));
  });
});

const parameter = get({ type: 'i32', index: 0 });

function compile(write: (body: FunctionBody) => void, memory = new WebAssembly.Memory({ initial: 1, maximum: 1 })) {
  const bytes = encodeModule(1, [{ name: 'f', parameters: ['i32'], results: ['i32'], write }]);
  assert.ok(WebAssembly.validate(bytes));
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { host: { memory } });
  return instance.exports.f as (value: number) => number;
}

function written(write: (bytes: Bytes) => void): number[] {
  const bytes = new Bytes(1);
  write(bytes);
  return [...bytes.view()];
}
