import { strict as assert } from 'node:assert';
import { functionsIn } from '../../program/source-functions';
import { requireTools } from '../support/tools';
import { Driver, scratchFile } from './adapter';

const source = `
namespace geo {
struct Shape { int id; Shape(int i) : id(i) {} virtual int area() const { return id; } };
struct Rect : Shape { int w, h; Rect(int a, int b) : Shape(1), w(a), h(b) {} int area() const override { return w * h; } };
template <class T> T biggest(T a, T b) { return a > b ? a : b; }
}
namespace { int hidden(int x) { return x + 1; } }
int add(int a, int b) { return a + b; }
double add(double a, double b) { return a + b; }
int unused() { return 0; }
int main() {
  geo::Rect rect(3, 4);
  geo::Shape shape(5);
  geo::biggest(1, 2), geo::biggest(1.0, 2.0), geo::biggest('a', 'b');
  add(1, 2), add(3, 4), add(1.5, 2.5);
  return rect.area() + shape.area() + hidden(2);
}
`;

describe('markers in C++', () => {
  let driver: Driver;
  afterEach(() => driver?.close());

  it('trace methods, constructors, overloads, instances of templates, and what is in unnamed namespaces', async function () {
    requireTools(this, 'riscv64-linux-gnu-gcc', 'riscv64-linux-gnu-g++');
    const program = scratchFile('shapes.cpp', source);
    const traceMarkers = functionsIn(source, 'cpp').map(({ name, nameLine }) => ({ function: name, source: program, line: nameLine }));
    driver = await Driver.launch({ program, compiler: 'riscv64-linux-gnu-gcc', traceMarkers, stopOnEntry: true });
    const before = await driver.request('setTraceMarkers', { markers: traceMarkers });
    assert.deepEqual(
      before.markers.map((each: { function: string; verified: boolean }) => [each.function, each.verified]),
      traceMarkers.map((each) => [each.function, true]),
    );
    await driver.client.continueRequest({ threadId: 1 });
    assert.equal(await driver.exit(), 12 + 5 + 3);
    const { markers } = await driver.request('setTraceMarkers', { markers: traceMarkers });
    assert.deepEqual(Object.fromEntries(markers.map((each: { function: string; hits: number }) => [each.function, each.hits])), {
      'geo::Shape::Shape': 2,
      'geo::Shape::area': 1,
      'geo::Rect::Rect': 1,
      'geo::Rect::area': 1,
      'geo::biggest': 3,
      hidden: 1,
      'add(int, int)': 2,
      'add(double, double)': 1,
      unused: 0,
      main: 1,
    });
    const completed = async (text: string) =>
      (await driver.request('completions', { text, column: text.length + 1 })).targets.map(({ label }: { label: string }) => label);
    assert.deepEqual(await completed('1 + geo::R'), ['Rect']);
    assert.deepEqual(await completed('geo::nothing::'), []);
    const { lines } = await driver.request('readTrace', { from: 0 });
    assert.equal(lines.length, 13);
    const called = lines.map((line: string) => /: (.+) <-/.exec(line)?.[1]);
    assert.deepEqual([called[1], called[4], called.at(-1)], ['geo::Rect::Rect', 'geo::biggest<int>', '(anonymous namespace)::hidden']);
    // What filters and other tools take is the symbol.
    assert.match(await driver.evaluate('cat trace'), /: _ZN3geo7biggestIiEET_S1_S1_ <-main/);
  });

  it('stop with the name that the source has', async function () {
    requireTools(this, 'riscv64-linux-gnu-gcc', 'riscv64-linux-gnu-g++');
    const program = scratchFile('shapes.cpp', source);
    const { name, nameLine } = functionsIn(source, 'cpp').find((each) => each.name.endsWith('Rect::area'))!;
    const traceMarkers = [{ function: name, source: program, line: nameLine, stop: true }];
    driver = await Driver.launch({ program, compiler: 'riscv64-linux-gnu-gcc', traceMarkers });
    const stop = await driver.stopped();
    assert.deepEqual([stop.description, stop.text], ['Paused on trace of geo::Rect::area', 'geo::Rect::area: hit 1']);
  });
});
