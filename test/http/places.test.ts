import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createPlaces, type Place } from '../../src/http/graphql/places.ts';
import { networkOf } from '../../src/identity/attempts/network.ts';

const limits = { total: 10, address: 3, caller: 2 };

/** A connection as a promise with the functions that close it. */
function connection() {
  return Promise.withResolvers<void>();
}

function taken(place: Place | string): Place {
  assert.ok(typeof place !== 'string', 'there was no room');
  return place;
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the limits of connections', () => {
  it('caps: an address has its maximum, an IPv6 network too, and a /48 twice as many', async () => {
    const places = createPlaces({ limits, networkOf });
    const open = connection();
    for (const last of ['1', '2', 'ffff']) taken(places.take(`2001:db8:0:1::${last}`, open.promise));
    assert.equal(places.take('2001:db8:0:1::3', open.promise), 'address');
    for (let count = 0; count < 3; count += 1) taken(places.take('2001:db8:0:2::1', open.promise));
    assert.equal(places.take('2001:db8:0:3::1', open.promise), 'address');
    taken(places.take('203.0.113.1', open.promise));
    taken(places.take('::ffff:203.0.113.1', open.promise));
    open.resolve();
    await settled();
    for (let count = 0; count < 3; count += 1) taken(places.take('2001:db8:0:3::1', open.promise));
  });

  it('caps: no more than the total are open, from any number of addresses', async () => {
    const places = createPlaces({ limits, networkOf });
    const open = Array.from({ length: 10 }, connection);
    for (const [index, { promise }] of open.entries()) taken(places.take(`203.0.113.${index}`, promise));
    assert.equal(places.take('198.51.100.1', connection().promise), 'total');
    open[0]?.reject(new Error('it broke'));
    await settled();
    taken(places.take('198.51.100.1', connection().promise));
  });

  it('caps: a caller has its maximum, from any number of addresses', async () => {
    const places = createPlaces({ limits, networkOf });
    const open = Array.from({ length: 3 }, connection);
    const [first, second, third] = open.map(({ promise }, index) => taken(places.take(`203.0.113.${index}`, promise)));
    assert.equal(first?.admit('caller'), true);
    assert.equal(second?.admit('caller'), true);
    assert.equal(third?.admit('caller'), false);
    open[2]?.resolve(); // The refused connection was never counted for the caller.
    await settled();
    assert.equal(taken(places.take('203.0.113.9', connection().promise)).admit('caller'), false);
    open[0]?.resolve();
    await settled();
    assert.equal(taken(places.take('203.0.113.9', connection().promise)).admit('caller'), true);
  });

  it('E-4 a place is kept until everything that keeps it has settled', async () => {
    const places = createPlaces({ limits: { ...limits, total: 1 }, networkOf });
    const [open, operation] = [connection(), connection()];
    taken(places.take('203.0.113.1', open.promise)).keep(operation.promise);
    open.resolve();
    await settled();
    assert.equal(places.take('203.0.113.1', open.promise), 'total');
    operation.resolve();
    await settled();
    taken(places.take('203.0.113.1', open.promise));
  });
});
