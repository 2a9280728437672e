import assert from "node:assert/strict";
import { test } from "node:test";
import { LiveLink, type LiveMessage, type Socket } from "../src/live.ts";
import { atMostEvery } from "../src/redraw.ts";

/** Time that moves only when told, with timers. */
class Clockwork {
  now_ms = 0;
  #timers = new Map<number, { at_ms: number; run: () => void }>();
  #next = 1;

  after(run: () => void, ms: number): number {
    this.#timers.set(this.#next, { at_ms: this.now_ms + ms, run });
    return this.#next++;
  }

  cancel(timer: number): void {
    this.#timers.delete(timer);
  }

  pass(ms: number): void {
    const end_ms = this.now_ms + ms;
    for (;;) {
      const due = [...this.#timers].sort((a, b) => a[1].at_ms - b[1].at_ms)[0];
      if (!due || due[1].at_ms > end_ms) break;
      this.#timers.delete(due[0]);
      this.now_ms = due[1].at_ms;
      due[1].run();
    }
    this.now_ms = end_ms;
  }
}

function surroundings() {
  const clock = new Clockwork();
  const sockets: (Socket & { closed: boolean })[] = [];
  const seen: string[] = [];
  const link = new LiveLink(
    {
      open: () => {
        const socket = {
          onopen: null,
          onclose: null,
          onmessage: null,
          closed: false,
          close() {
            this.closed = true;
          },
        };
        sockets.push(socket);
        return socket;
      },
      after: (run, ms) => clock.after(run, ms),
      cancel: timer => clock.cancel(timer),
      random: () => 1,
    },
    {
      connected: () => seen.push("connected"),
      lost: () => seen.push("lost"),
      message: (message: LiveMessage) => seen.push(message.type),
    },
  );
  const last = () => sockets.at(-1) as Socket & { closed: boolean };
  return { clock, sockets, seen, link, last };
}

test("a silence is a lost connection, told and made anew; any message is a sign of life", () => {
  const { clock, sockets, seen, link, last } = surroundings();
  link.start();
  last().onopen?.();
  clock.pass(20_000);
  last().onmessage?.({ data: '{"type":"beat"}' });
  clock.pass(20_000);
  assert.equal(sockets.length, 1);
  clock.pass(5_000);
  assert.ok(sockets[0]?.closed);
  assert.deepEqual(seen, ["connected", "beat", "lost"]);
  clock.pass(1_000);
  assert.equal(sockets.length, 2);
  last().onopen?.();
  assert.deepEqual(seen, ["connected", "beat", "lost", "connected"]);
  link.lost();
  assert.deepEqual(seen.at(-1), "lost");
});

test("a connection that does not open in ten seconds is lost", () => {
  const { clock, sockets, seen, link } = surroundings();
  link.start();
  clock.pass(10_000);
  assert.deepEqual(seen, ["lost"]);
  clock.pass(1_000);
  assert.equal(sockets.length, 2);
});

test("pauses between tries grow to half a minute and begin anew after a success", () => {
  const { clock, sockets, link, last } = surroundings();
  const tries: number[] = [];
  link.start();
  for (let round = 0; round < 8; round++) {
    const before = clock.now_ms;
    last().onclose?.();
    while (sockets.length === tries.length + 1) clock.pass(500);
    tries.push(clock.now_ms - before);
  }
  assert.deepEqual(tries, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  last().onopen?.();
  last().onclose?.();
  clock.pass(1000);
  assert.equal(sockets.length, 10);
});

test("after stop nothing is opened and nothing is told", () => {
  const { clock, sockets, seen, link } = surroundings();
  link.start();
  link.stop();
  clock.pass(600_000);
  link.start();
  assert.equal(sockets.length, 1);
  assert.deepEqual(seen, []);
});

test("what is no message is ignored", () => {
  const { seen, link, last } = surroundings();
  link.start();
  for (const data of ["", "null", "7", '{"a":1}', "{", new ArrayBuffer(2)]) last().onmessage?.({ data });
  assert.deepEqual(seen, []);
});

test("redraws come at most once per interval, and the last state is always drawn", () => {
  const clock = new Clockwork();
  const drawn: number[] = [];
  const ask = atMostEvery(1000, () => drawn.push(clock.now_ms), {
    now: () => clock.now_ms,
    later: (run, ms) => void clock.after(run, ms),
  });
  for (let step = 0; step < 25; step++) {
    ask();
    clock.pass(100);
  }
  clock.pass(5000);
  assert.deepEqual(drawn, [0, 1000, 2000, 3000]);
});
