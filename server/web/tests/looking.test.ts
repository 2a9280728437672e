import assert from "node:assert/strict";
import { test } from "node:test";
import { closer, type KeyTarget, pressed } from "../src/chart_keys.ts";
import { marksOf, placeOn } from "../src/chart_marks.ts";
import { addressOf, lacking, POINTS } from "../src/detail.ts";
import { lines, rowsBetween, rowsWithin } from "../src/route.ts";
import { shadedLines, shadeOf } from "../src/shades.ts";
import { emptyStreams, graft, merge, type Streams } from "../src/streams.ts";
import { stretchOf } from "../src/stretches.ts";
import type { Span } from "../src/zoom.ts";

function every(step_s: number, from: number, to: number): Streams {
  const streams = emptyStreams();
  const time_s: number[] = [];
  for (let time = from; time <= to; time += step_s) time_s.push(time);
  const distance_m = time_s.map(time => time * 4);
  const latitude_deg = time_s.map(time => 46 + time * 1e-5);
  graft(streams, { time_s, distance_m, latitude_deg, longitude_deg: time_s.map(() => 7) }, 0);
  return streams;
}

test("rows of a stretch take the place of the few, and the others stay", () => {
  const base = every(10, 0, 100);
  const held = emptyStreams();
  merge(held, base, every(1, 25, 45));
  assert.deepEqual(held.time_s.slice(0, 5), [0, 10, 20, 25, 26]);
  assert.deepEqual(held.time_s.slice(-7), [45, 50, 60, 70, 80, 90, 100]);
  for (const column of Object.values(held)) assert.equal(column.length, held.time_s.length);
  assert.deepEqual(
    held.power_w.filter(value => value !== null),
    [],
  );
  merge(held, base, { time_s: [] });
  assert.deepEqual(held.time_s, base.time_s);
});

test("what is asked for is a stretch with its margin, and nothing that is held already", () => {
  const few = every(20, 0, 40_000);
  assert.deepEqual(lacking(few, 40_001, { from_s: 10_000, to_s: 11_000 }), { from_s: 9500, to_s: 11_500 });
  assert.deepEqual(lacking(few, 40_001, { from_s: 0, to_s: 1000 }), { from_s: 0, to_s: 1500 });
  assert.equal(lacking(few, 40_001, { from_s: 0, to_s: 40_000 }), null);
  assert.equal(lacking(few, few.time_s.length, { from_s: 0, to_s: 100 }), null);
  assert.equal(lacking(every(1, 0, 3000), 3100, { from_s: 10, to_s: 900 }), null);
  assert.equal(lacking(emptyStreams(), 5, { from_s: 0, to_s: 1 }), null);
  const asked = addressOf("/streams?as=stranger", { from_s: 1, to_s: 2.25 });
  assert.equal(asked, `/streams?as=stranger&points=${POINTS}&mean_s=15&from_s=1.0&to_s=2.3`);
});

test("keys move, jump, zoom around the cursor, and what lies outside comes into view", () => {
  const whole = { min: 0, max: 100 };
  let span: Span = whole;
  let at: number | null = null;
  const target: KeyTarget = {
    at: () => at,
    span: () => span,
    whole: () => whole,
    move: x => (at = x),
    zoom: to => (span = to ?? whole),
  };
  assert.ok(pressed("ArrowRight", target));
  assert.equal(at, 1);
  pressed("PageUp", target);
  assert.equal(at, 11);
  pressed("+", target);
  assert.deepEqual(span, { min: 5.5, max: 55.5 });
  pressed("End", target);
  pressed("ArrowRight", target);
  assert.equal(at, 56);
  assert.ok(span.min <= 56 && span.max >= 56);
  pressed("Escape", target);
  assert.deepEqual(span, whole);
  assert.equal(pressed("Tab", target), false);
  assert.deepEqual(closer({ min: 0, max: 10 }, 0, 2, whole), { min: 0, max: 5 });
});

test("marks come from the page, and places are found on either axis", () => {
  assert.deepEqual(marksOf({ laps: "60 120", pauses: "10-20 30-45" }), {
    laps_s: [60, 120],
    pauses_s: [
      [10, 20],
      [30, 45],
    ],
  });
  assert.deepEqual(marksOf({}), { laps_s: [], pauses_s: [] });
  const streams = every(1, 0, 1000);
  assert.equal(placeOn("distance", streams, "s", 250), 1);
  assert.equal(placeOn("distance", streams, "m", 1500), 1.5);
  assert.equal(placeOn("time", streams, "m", 1000), 250);
  assert.deepEqual(rowsBetween(streams, { unit: "m", from: 400, to: 800 }), [100, 200]);
  assert.deepEqual(lines(streams, 3, 5)[0]?.length, 3);
  assert.deepEqual(
    rowsWithin(streams, ([latitude]) => latitude > 46.0049 && latitude < 46.0071),
    [491, 709],
  );
  assert.equal(
    rowsWithin(streams, () => false),
    null,
  );
});

test("a row says its stretch in seconds or metres", () => {
  assert.deepEqual(stretchOf("60 120 s"), { unit: "s", from: 60, to: 120 });
  assert.deepEqual(stretchOf("1000 2000.5 m"), { unit: "m", from: 1000, to: 2000.5 });
  for (const text of [undefined, "", "1 2", "a b s"]) assert.equal(stretchOf(text), null);
});

test("lines part where the class changes or the place is lost, and share their ends", () => {
  const streams = every(1, 0, 5);
  streams.latitude_deg[3] = null;
  const classes = shadedLines(streams, [1, 1, 9, 9, 9, null], [5]);
  assert.deepEqual(
    classes.map(lines => lines.map(line => line.length)),
    [[2], [2], [2]],
  );
  assert.deepEqual([shadeOf(null, [5]), shadeOf(4.9, [5]), shadeOf(5, [5])], [null, 0, 1]);
});
