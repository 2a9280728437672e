import assert from "node:assert/strict";
import { test } from "node:test";
import { Feed } from "../src/feed.ts";
import { emptyStreams, nearestRow, type SentStreams } from "../src/streams.ts";

function rows(from: number, to: number): SentStreams {
  const time_s = Array.from({ length: to - from }, (_, index) => from + index);
  return { time_s, distance_m: time_s.map(time => time * 3), heart_rate_bpm: time_s.map(() => null) };
}

function times(feed: Feed): number[] {
  return feed.streams.time_s;
}

test("rows pushed before the fetched ones arrive are neither lost nor doubled", () => {
  const feed = new Feed(emptyStreams());
  feed.begin();
  assert.equal(feed.pushed({ streams: rows(8, 12), from_row: 8 }), "waits");
  assert.equal(feed.pushed({ streams: rows(12, 13), from_row: 12 }), "waits");
  feed.fetched(rows(0, 10));
  assert.equal(feed.pushed({ streams: rows(13, 15), from_row: 13 }), "grew");
  assert.deepEqual(times(feed), rows(0, 15).time_s);
});

test("without row numbers, rows already held are known by their time", () => {
  const feed = new Feed(emptyStreams());
  feed.fetched(rows(0, 10));
  assert.equal(feed.pushed({ streams: rows(4, 12) }), "grew");
  assert.equal(feed.pushed({ streams: rows(4, 12) }), "same");
  assert.deepEqual(times(feed), rows(0, 12).time_s);
});

test("rows that are sent anew take the place of the old ones", () => {
  const feed = new Feed(emptyStreams());
  feed.fetched(rows(0, 10));
  assert.equal(feed.pushed({ streams: { time_s: [5.5, 6.5], distance_m: [1, 2] }, from_row: 5 }), "grew");
  assert.deepEqual(times(feed), [0, 1, 2, 3, 4, 5.5, 6.5]);
  assert.deepEqual(feed.streams.distance_m.slice(-2), [1, 2]);
});

test("a push that leaves a hole is refused, so that all rows are fetched", () => {
  const feed = new Feed(emptyStreams());
  feed.fetched(rows(0, 10));
  assert.equal(feed.pushed({ streams: rows(12, 14), from_row: 12 }), "hole");
  assert.deepEqual(times(feed), rows(0, 10).time_s);
});

test("every column stays as long as time, missing ones filled with null", () => {
  const feed = new Feed(emptyStreams());
  feed.fetched({ time_s: [0, 1], altitude_m: [3, null] });
  for (const column of Object.values(feed.streams)) assert.equal(column.length, 2);
  assert.deepEqual(feed.streams.altitude_m, [3, null]);
  assert.deepEqual(feed.streams.latitude_deg, [null, null]);
});

test("the nearest row is found from every side", () => {
  const xs = [0, 1, 1, 4];
  assert.deepEqual(
    [-5, 0.4, 0.6, 2.4, 2.6, 99].map(x => xs[nearestRow(xs, x)]),
    [0, 0, 1, 1, 4, 4],
  );
});
