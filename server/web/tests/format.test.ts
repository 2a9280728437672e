import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { distance, duration, type Quantity, rate, whole } from "../src/format.ts";

const vectors = JSON.parse(readFileSync(new URL("format_vectors.json", import.meta.url), "utf8"));
const said = ({ value, unit }: Quantity): string => `${value} ${unit}`;

test("numbers read as the vectors say", () => {
  for (const [metres, text] of vectors.distance) assert.equal(said(distance(metres)), text);
  for (const [seconds, text] of vectors.duration) assert.equal(duration(seconds), text);
  for (const [speed, sport, text] of vectors.rate) assert.equal(said(rate(speed, sport)), text);
  for (const [value, unit, text] of vectors.whole) assert.equal(said(whole(value, unit)), text);
});
