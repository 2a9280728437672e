import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyStreams, graft, nearestRow, type SentStreams } from "../src/streams.ts";

function rows(from: number, to: number): SentStreams {
  const time_s = Array.from({ length: to - from }, (_, index) => from + index);
  return { time_s, distance_m: time_s.map(time => time * 3), heart_rate_bpm: time_s.map(() => null) };
}

test("rows that follow are added, rows sent anew take the place of the old ones", () => {
  const held = emptyStreams();
  assert.ok(graft(held, rows(0, 10), 0));
  assert.ok(graft(held, rows(10, 12), 10));
  assert.deepEqual(held.time_s, rows(0, 12).time_s);
  assert.ok(graft(held, { time_s: [5.5, 6.5], distance_m: [1, 2] }, 5));
  assert.deepEqual(held.time_s, [0, 1, 2, 3, 4, 5.5, 6.5]);
  assert.deepEqual(held.distance_m.slice(-3), [12, 1, 2]);
});

test("rows that would leave a hole change nothing", () => {
  const held = emptyStreams();
  graft(held, rows(0, 10), 0);
  assert.equal(graft(held, rows(12, 14), 12), false);
  assert.deepEqual(held.time_s, rows(0, 10).time_s);
});

test("every column stays as long as time, missing ones filled with null", () => {
  const held = emptyStreams();
  graft(held, { time_s: [0, 1], altitude_m: [3, null] }, 0);
  for (const column of Object.values(held)) assert.equal(column.length, 2);
  assert.deepEqual(held.altitude_m, [3, null]);
  assert.deepEqual(held.latitude_deg, [null, null]);
});

test("the nearest row is found from every side", () => {
  const xs = [0, 1, 1, 4];
  assert.deepEqual(
    [-5, 0.4, 0.6, 2.4, 2.6, 99].map(x => xs[nearestRow(xs, x)]),
    [0, 0, 1, 1, 4, 4],
  );
});
