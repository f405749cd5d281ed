import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Marker } from '../../extension/markers/marker';
import { type MarkerReport, markerIcons, summaryOf, viewOf } from '../../extension/markers/marker-view';

const marker: Marker = { uri: 'file:///fib.s', function: 'fib', line: 3, stop: false };
const on: MarkerReport = {
  session: 'fib.s',
  ended: false,
  ownFile: true,
  status: { function: 'fib', verified: true, state: 'on', address: '0x10040', hits: 3 },
};
const refused: MarkerReport = {
  session: 'other',
  ended: false,
  ownFile: false,
  status: { function: 'fib', verified: false, state: 'off', hits: 0, reason: 'other has no function fib' },
};

describe('how a marker looks', () => {
  it('is armed without a session', () => {
    const view = viewOf(marker, true, []);
    assert.equal(view.icon, 'armed');
    assert.equal(view.note, undefined);
    assert.match(view.hover.join(' '), /Armed/);
  });

  it('is on where the call site is patched, with its hits, address and instruction', () => {
    const view = viewOf(marker, true, [on]);
    assert.equal(view.icon, 'on');
    assert.equal(view.note, '3 hits');
    assert.match(view.hover.join(' '), /0x10040.*jalr t0.*3 hits/);
  });

  it('has a summary of its state, for who does not see the icon', () => {
    assert.equal(summaryOf(marker, []), 'armed');
    assert.equal(summaryOf({ ...marker, stop: true }, [on]), 'on, stops at each call, 3 hits');
    assert.equal(summaryOf(marker, [{ ...refused, ownFile: true }]), 'not traced: other has no function fib');
  });

  it('says whether it stops', () => {
    const stopping = { ...marker, stop: true };
    assert.equal(viewOf(stopping, true, []).icon, 'armed-stop');
    assert.equal(viewOf(stopping, true, [on]).icon, 'on-stop');
  });

  it('is not traceable where its own program, or a function that is there, refuses it, and says why', () => {
    const own = { ...refused, ownFile: true };
    assert.equal(viewOf(marker, true, [own]).icon, 'not-traceable');
    const noCallSite = { ...refused, status: { ...refused.status, address: '0x1', reason: 'fib has no call site' } };
    const view = viewOf(marker, true, [noCallSite]);
    assert.equal(view.icon, 'not-traceable');
    assert.match(view.hover.join(' '), /fib has no call site/);
    assert.equal(view.note, 'not traced: fib has no call site');
  });

  it('stays armed beside another program that does not have it', () => {
    assert.equal(viewOf(marker, true, [refused]).icon, 'armed');
  });

  it('is not traceable where its function is gone from the document', () => {
    const view = viewOf(marker, false, []);
    assert.equal(view.icon, 'not-traceable');
    assert.match(view.hover.join(' '), /no function `fib`/);
  });

  it('shows the session that has it when another has not, and tells of both', () => {
    const view = viewOf(marker, true, [refused, on]);
    assert.equal(view.icon, 'on');
    assert.match(view.hover.join(' '), /other has no function fib.*jalr/);
  });

  it('keeps the hits of the last run', () => {
    const ended = { ...on, ended: true, status: { ...on.status, hits: 1 } };
    const view = viewOf(marker, true, [ended]);
    assert.equal(view.icon, 'armed');
    assert.equal(view.note, '1 hit in the last run');
    assert.equal(viewOf(marker, true, [on, ended]).note, '3 hits');
  });

  it('says after the run still why it could not be traced', () => {
    const ended = { ...refused, ownFile: true, ended: true };
    assert.equal(viewOf(marker, true, [ended]).icon, 'not-traceable');
    assert.equal(viewOf(marker, true, [on, ended]).icon, 'on');
  });

  it('has its pictures for light and dark themes', () => {
    for (const icon of markerIcons) {
      for (const theme of ['light', 'dark']) {
        assert.ok(existsSync(join(__dirname, `../../extension/icons/${icon}-${theme}.svg`)), `${icon}-${theme}`);
      }
    }
  });
});
