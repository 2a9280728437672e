import assert from "node:assert/strict";
import { test } from "node:test";
import {
  distanceMarks,
  gridDegrees,
  lines,
  markStep,
  nearestFix,
  niceStep,
  stepLabel,
} from "../src/route.ts";
import { emptyStreams, graft } from "../src/streams.ts";

function route(latitudes: (number | null)[]): ReturnType<typeof emptyStreams> {
  const streams = emptyStreams();
  graft(
    streams,
    {
      time_s: latitudes.map((_, row) => row),
      latitude_deg: latitudes,
      longitude_deg: latitudes.map(latitude => latitude && 7),
      distance_m: latitudes.map((_, row) => row * 600),
    },
    0,
  );
  return streams;
}

test("a row without a fix ends a line, a lone point is none", () => {
  assert.deepEqual(lines(route([46, 46.1, null, 46.2, null, 46.3, 46.4])), [
    [
      [46, 7],
      [46.1, 7],
    ],
    [
      [46.3, 7],
      [46.4, 7],
    ],
  ]);
});

test("each kilometre is marked once, where it was reached", () => {
  const marks = distanceMarks(route([46, 46.1, 46.2, 46.3, 46.4]), 1000);
  assert.deepEqual(marks, [
    { far: 1, point: [46.2, 7] },
    { far: 2, point: [46.4, 7] },
  ]);
});

test("a route carries at most thirteen marks", () => {
  for (const metres of [500, 9000, 42_195, 180_000, 600_000]) assert.ok(metres / markStep(metres) <= 13);
});

test("the nearest fix is sought in the asked direction", () => {
  const streams = route([null, 46.1, 46.2, null]);
  assert.deepEqual(nearestFix(streams, 0, 1), [46.1, 7]);
  assert.deepEqual(nearestFix(streams, 3, -1), [46.2, 7]);
  assert.equal(nearestFix(route([null]), 0, 1), null);
});

test("steps are 1, 2 or 5 times a power of ten, not below what was asked", () => {
  assert.deepEqual([0.9, 1, 1.1, 3, 51, 740].map(niceStep), [1, 1, 2, 5, 100, 1000]);
  assert.deepEqual([200, 1000, 5000].map(stepLabel), ["200 m", "1 km", "5 km"]);
});

test("squares of the grid are square on the ground", () => {
  const { latitude, longitude } = gridDegrees(1000, 60);
  assert.ok(Math.abs(longitude / latitude - 2) < 1e-9);
});
