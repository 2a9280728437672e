import assert from "node:assert/strict";
import { test } from "node:test";
import { axisOf, middleRange, rateColumn, rollingMean } from "../src/series.ts";
import { emptyStreams, graft, type Streams } from "../src/streams.ts";

function run(rows: number): Streams {
  const streams = emptyStreams();
  const time_s = Array.from({ length: rows }, (_, row) => 100 + row);
  graft(
    streams,
    {
      time_s,
      speed_m_s: time_s.map(() => 3),
      distance_m: time_s.map((_, row) => row * 3),
      altitude_m: time_s.map((_, row) => row),
    },
    0,
  );
  return streams;
}

test("a rolling mean is the plain mean over the window, nulls left out", () => {
  const times = [0, 1, 2, 3, 4, 9];
  assert.deepEqual(rollingMean(times, [1, 2, null, 4, 5, 7], 2), [1.5, 1.5, null, 4.5, 4.5, 7]);
});

test("the axis begins at nought and never falls", () => {
  const streams = run(5);
  streams.distance_m.splice(0, 5, 0, 5, null, 4, 9);
  assert.deepEqual(axisOf(streams, "distance"), [0, 0.005, 0.005, 0.005, 0.009]);
  assert.deepEqual(axisOf(streams, "time"), [0, 1, 2, 3, 4]);
});

test("a standstill has a speed but no pace", () => {
  assert.deepEqual(rateColumn([0, 4, null], "running"), [null, 250, null]);
  assert.deepEqual(rateColumn([0, 5, null], "cycling"), [0, 18, null]);
  assert.deepEqual(rateColumn([0.1, 1, null], "swimming"), [null, 100, null]);
});

test("stray values do not stretch the range", () => {
  const values = [...Array.from({ length: 200 }, (_, index) => 100 + index / 10), 900, null];
  const [low, high] = middleRange(values) ?? [0, 0];
  assert.ok(low >= 100 && high < 121);
  assert.equal(middleRange([null]), null);
});
