import assert from "node:assert/strict";
import { test } from "node:test";
import { axisOf, chartRows, middleRange, rateColumn, rollingMean } from "../src/series.ts";
import { emptyStreams, graft, type Streams } from "../src/streams.ts";

function run(rows: number, gapAt = -1): Streams {
  const streams = emptyStreams();
  const time_s = Array.from({ length: rows }, (_, row) => 100 + row + (gapAt >= 0 && row >= gapAt ? 600 : 0));
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

test("thinned rows stay within the limit and keep the means", () => {
  const rows = chartRows(run(10_000), "distance", 1000);
  assert.ok(rows.x.length <= 1000);
  assert.equal(rows.altitude_m[0], 4.5);
  assert.ok(rows.x.every((x, index) => index === 0 || x >= (rows.x[index - 1] as number)));
});

test("a long standstill breaks the curve", () => {
  const rows = chartRows(run(100, 50), "time", 1000);
  assert.equal(rows.x.length, 101);
  assert.equal(rows.altitude_m[50], null);
  assert.equal(chartRows(run(100), "time", 1000).x.length, 100);
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
