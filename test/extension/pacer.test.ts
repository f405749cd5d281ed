import { strict as assert } from 'node:assert';
import { Pacer } from '../../extension/trace-view/pacer';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the pacer', () => {
  it('starts at once, and joins what is asked for meanwhile into one more time', async () => {
    let started = 0;
    let finish: () => void = () => {};
    const pacer = new Pacer(() => {
      started += 1;
      return new Promise((resolve) => {
        finish = resolve;
      });
    }, 0);
    pacer.request(false);
    assert.equal(started, 1);
    for (let index = 0; index < 5; index += 1) pacer.request(false);
    await turn();
    assert.equal(started, 1);
    finish();
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(started, 2);
    finish();
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(started, 2);
  });

  it('pauses between two, but not for what is urgent', async () => {
    let started = 0;
    const pause = 500;
    const pacer = new Pacer(async () => {
      started += 1;
    }, pause);
    pacer.request(false);
    pacer.request(false);
    await turn();
    assert.equal(started, 1);
    pacer.request(true);
    await turn();
    assert.equal(started, 2);
  });
});
