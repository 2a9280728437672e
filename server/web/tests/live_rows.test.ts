import assert from "node:assert/strict";
import { test } from "node:test";
import { LiveRows, MOST_ROWS } from "../src/live_rows.ts";
import { emptyStreams, type SentStreams, type Streams } from "../src/streams.ts";

const TEN_HOURS_S = 36_000;
const PEAKS = [700, 9_001, 20_480, 35_990];
const GAP_AT = 15_000;

/** Rows of a long walk: peaks of one row in the heart rate, one long gap, a corner of the way. */
function walk(from: number, to: number): SentStreams {
  const rows = Array.from({ length: to - from }, (_, row) => from + row);
  return {
    time_s: rows.map(row => row + (row >= GAP_AT ? 600 : 0)),
    distance_m: rows.map(row => 1.5 * row),
    heart_rate_bpm: rows.map(row => (PEAKS.includes(row) ? 199 : 120 + (row % 7))),
    altitude_m: rows.map(row => 400 + 100 * Math.sin(row / 5000)),
    speed_m_s: rows.map(row => 1.5 + (row % 2)),
    latitude_deg: rows.map(row => 46 + 1e-5 * Math.min(row, 12_345)),
    longitude_deg: rows.map(row => 7 + 1e-5 * Math.max(0, row - 12_345)),
  };
}

function grown(chunk: number, to = TEN_HOURS_S): Streams {
  const [rows, shown] = [new LiveRows(), emptyStreams()];
  for (let from = 0; from < to; from += chunk) {
    assert.ok(rows.take(walk(from, Math.min(to, from + chunk)), from));
    rows.draw(shown);
  }
  assert.equal(rows.count, to);
  return shown;
}

test("of ten hours few rows are drawn; peaks, corners, ends and gaps are among them", () => {
  const shown = grown(TEN_HOURS_S);
  assert.ok(shown.time_s.length <= MOST_ROWS + 3, String(shown.time_s.length));
  assert.equal(shown.heart_rate_bpm.filter(value => value === 199).length, PEAKS.length);
  assert.ok(shown.latitude_deg.some((at, row) => at === 46.12345 && shown.longitude_deg[row] === 7));
  assert.deepEqual([shown.time_s[0], shown.time_s.at(-1)], [0, TEN_HOURS_S + 599]);
  const gap = shown.time_s.indexOf(GAP_AT + 299.5);
  assert.deepEqual([shown.heart_rate_bpm[gap], shown.distance_m[gap]], [null, 1.5 * (GAP_AT - 1)]);
  assert.ok(shown.time_s.every((time, row) => row === 0 || time > (shown.time_s[row - 1] as number)));
  assert.ok(
    shown.speed_m_s.every(speed => speed === null || (speed >= 1.9 && speed <= 2.1) || speed === 1.5),
  );
});

test("bit by bit it comes to the same as at once", () => {
  for (const chunk of [997, 9_973])
    assert.deepEqual(grown(chunk), grown(TEN_HOURS_S), `${chunk} rows at a time`);
});

test("a short workout is drawn with each of its rows", () => {
  assert.deepEqual(grown(25, 500).time_s, walk(0, 500).time_s);
});

test("who comes late has the first hours as few rows, and all anew when they changed", () => {
  const [rows, shown, drawn] = [new LiveRows(), emptyStreams(), grown(20_050, 20_050)];
  rows.begin(drawn, 20_000); // the server was fifty rows further by then
  assert.equal(rows.count, 20_000);
  assert.ok(!rows.take(walk(20_100, 20_200), 20_100));
  assert.ok(rows.take(walk(20_000, 20_100), 20_000));
  rows.draw(shown);
  assert.equal(rows.count, 20_100);
  assert.deepEqual(shown.time_s.slice(-100), walk(20_000, 20_100).time_s);
  assert.ok(shown.time_s.every((time, row) => row === 0 || time > (shown.time_s[row - 1] as number)));
  assert.ok(!rows.take(walk(19_000, 20_200), 19_000));
  assert.equal(rows.count, 0);
  assert.ok(rows.take(walk(0, 300), 0));
  rows.draw(shown);
  assert.deepEqual(shown.time_s, walk(0, 300).time_s);
});
