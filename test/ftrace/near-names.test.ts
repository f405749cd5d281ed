import assert from 'node:assert/strict';
import { nearNames } from '../../ftrace/near-names';

const names = ['vfs_read', 'vfs_write', 'vfs_open', 'page_cache_get', 'fib', 'main'];

describe('near names', () => {
  it('are the few edits away, best first', () => {
    assert.deepEqual(nearNames('vfs_raed', names), ['vfs_read']);
    assert.deepEqual(nearNames('Fib', names), ['fib']);
    assert.deepEqual(nearNames('fibb', names), ['fib']);
    assert.deepEqual(nearNames('vfs_rite', names), ['vfs_write']);
  });

  it('are those that hold the wanted one, or that it holds', () => {
    assert.deepEqual(nearNames('cache', names), ['page_cache_get']);
    assert.deepEqual(nearNames('page*cache*', ['page_cache_get', 'main']), ['page_cache_get']);
    assert.deepEqual(nearNames('do_fib_slow', names), ['fib']);
  });

  it('are none for what is like nothing', () => {
    assert.deepEqual(nearNames('zzzzzz', names), []);
    assert.deepEqual(nearNames('*', names), []);
    assert.deepEqual(nearNames('', names), []);
  });
});
