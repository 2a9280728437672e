import assert from "node:assert/strict";
import { test } from "node:test";
import { measurementOf } from "../src/heart/measurement.ts";
import { newId } from "../src/phone/kept.ts";
import { type Fix, Track } from "../src/record/track.ts";
import { Workout } from "../src/record/workout.ts";

const START_MS = 1_790_000_000_000;

/** Fix number n of somebody who goes north at 3 m/s, one a second. */
function fix(n: number, more: Partial<Fix> = {}): Fix {
  const lat = 46 + (3 * n) / 111_195;
  return {
    at_ms: START_MS + 1000 * n,
    lat,
    lng: 7,
    accuracy_m: 5,
    altitude_m: 500,
    speed_m_s: 3,
    ...more,
  };
}

test("vague, late and impossible fixes are left out; who stands still goes no way", () => {
  const track = new Track();
  for (let n = 0; n < 100; n++) assert.ok(track.take(fix(n)));
  assert.ok(Math.abs(track.distance_m - 297) < 3, String(track.distance_m));
  assert.ok(Math.abs((track.speed_m_s(fix(99).at_ms) ?? 0) - 3) < 0.2);
  assert.ok(!track.take(fix(101, { accuracy_m: 80 })));
  assert.ok(!track.take(fix(50)));
  assert.ok(!track.take(fix(102, { lat: 47 })));
  const before_m = track.distance_m;
  for (let n = 103; n < 160; n++)
    track.take(fix(n, { lat: fix(99).lat + (n % 2) * 1e-5, lng: 7 + (n % 3) * 1e-5 }));
  assert.ok(track.distance_m - before_m < 4, String(track.distance_m - before_m));
  for (let n = 160; n < 163; n++) track.take(fix(n, { lat: 47 })); // it is there after all
  assert.ok(track.distance_m < 400);
});

test("pauses and laps are told in seconds since the start, and a pause has no points", () => {
  const workout = Workout.begin("o", "mira", "running", START_MS);
  const taken = (n: number): boolean => workout.fix(fix(n), START_MS + 1000 * n) !== null;
  for (let n = 0; n <= 60; n++) assert.ok(taken(n));
  workout.lap(START_MS + 40_000);
  workout.pause(START_MS + 60_000);
  assert.ok(!taken(70));
  workout.resume(START_MS + 90_000);
  const way_m = workout.track.distance_m;
  assert.ok(taken(91));
  assert.equal(workout.track.distance_m, way_m);
  assert.equal(workout.timer_s(START_MS + 100_000), 70);
  workout.pause(START_MS + 100_000);
  workout.end(START_MS + 130_000);
  const { points, laps, pauses, ended_s } = workout.kept;
  assert.deepEqual(
    { points, ended_s, pauses },
    { points: 62, ended_s: 100, pauses: [{ start_s: 60, end_s: 90 }] },
  );
  assert.deepEqual(laps, [
    { start_s: 0, end_s: 40 },
    { start_s: 40, end_s: 100 },
  ]);
});

test("a heart rate goes with a fix, by itself where there is none, and not when it is old", () => {
  const workout = Workout.begin("o", "mira", "indoor", START_MS);
  workout.beat(120, START_MS + 1000);
  assert.equal(workout.fix(fix(1), START_MS + 1000)?.heart_rate, 120);
  assert.equal(workout.tick(START_MS + 2000), null);
  assert.deepEqual(workout.tick(START_MS + 4000), { time: 4, heart_rate: 120 });
  assert.equal(workout.tick(START_MS + 9000), null);
  // Closed and opened again: what was kept goes on, and no second comes twice.
  const again = new Workout(workout.kept, START_MS + 9500);
  assert.equal(again.fix(fix(9), START_MS + 9500), null);
  assert.ok(again.fix(fix(10), START_MS + 10_000));
});

test("a heart rate measurement is read in each of its forms", () => {
  const of = (...bytes: number[]): ReturnType<typeof measurementOf> =>
    measurementOf(new DataView(Uint8Array.from(bytes).buffer));
  assert.deepEqual(of(0x00, 72), { bpm: 72, contact: null, rr_s: [] });
  assert.deepEqual(of(0x04, 72), { bpm: 72, contact: false, rr_s: [] });
  assert.deepEqual(of(0x1f, 0x2c, 0x01, 9, 9, 0x00, 0x04, 0x00, 0x02), {
    bpm: 300,
    contact: true,
    rr_s: [1, 0.5],
  });
  assert.deepEqual(of(0x10, 60, 0x00, 0x04, 0x01), { bpm: 60, contact: null, rr_s: [1] });
  for (const short of [[], [0x00], [0x01, 72]]) assert.equal(of(...short), null);
});

test("an id made here is a UUID of version 7 with its time in front", () => {
  const id = newId(START_MS);
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(Number.parseInt(id.slice(0, 13).replace("-", ""), 16), START_MS);
});
