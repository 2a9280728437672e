import assert from "node:assert/strict";
import { test } from "node:test";
import { inside, isWhole, pinched } from "../src/zoom.ts";

const whole = { min: 0, max: 100 };

test("what was under two fingers stays under them", () => {
  const span = pinched({ min: 20, max: 60 }, [0.25, 0.75], [0.1, 0.9], whole);
  const at = (fraction: number): number => span.min + fraction * (span.max - span.min);
  assert.ok(Math.abs(at(0.1) - 30) < 1e-9);
  assert.ok(Math.abs(at(0.9) - 50) < 1e-9);
});

test("a pinch never leaves the whole and never reaches nothing", () => {
  assert.deepEqual(pinched({ min: 0, max: 100 }, [0.1, 0.9], [0.49, 0.51], whole), whole);
  const deep = pinched({ min: 0, max: 0.3 }, [0.4, 0.6], [0, 1], whole);
  assert.ok(deep.max - deep.min >= 0.2 && deep.min >= 0);
});

test("a moved span keeps its width inside the whole", () => {
  assert.deepEqual(inside({ min: 95, max: 115 }, whole), { min: 80, max: 100 });
  assert.ok(isWhole({ min: 0, max: 100 }, whole) && !isWhole({ min: 0, max: 99 }, whole));
});
