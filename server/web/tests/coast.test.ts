import assert from "node:assert/strict";
import { test } from "node:test";
import { arcsOf, coastOf } from "../coast.mjs";
import { coastLines } from "../src/coast_lines.ts";

test("arcs are told by steps on a grid", () => {
  const transform = { scale: [0.5, 0.25], translate: [-180, -90] };
  const arcs = [
    [
      [10, 20],
      [2, 4],
      [-1, 0],
    ],
  ];
  assert.deepEqual(arcsOf({ arcs, transform }), [
    [
      [-175, -85],
      [-174, -84],
      [-174.5, -84],
    ],
  ]);
});

test("no line runs along the cut of the world", () => {
  const lines = [
    [
      [170, 60],
      [180, 65],
      [180, 70],
      [175, 71],
    ],
  ];
  assert.deepEqual(coastOf(lines), [lines[0]?.slice(0, 2), lines[0]?.slice(2)]);
});

test("the page reads what the build tells", () => {
  assert.deepEqual(coastLines([[4700, 800, -50, 25]]), [
    [
      [47, 8],
      [46.5, 8.25],
    ],
  ]);
});
