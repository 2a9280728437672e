import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { SecureChannel } from "../src/sync/frames.ts";
import {
  ack,
  bytesOf,
  credit,
  getStatus,
  hello,
  hexOf,
  read,
  received,
  setTime,
} from "../src/sync/messages.ts";
import { type Action, Pull, PullError, WINDOW } from "../src/sync/pull.ts";

// The vectors of the protocol itself, which its Python is held to.
const VECTORS = JSON.parse(
  readFileSync(new URL("../../../tests/protocol/vectors/link.json", import.meta.url), "utf8"),
);
const of = (name: string): { fields: Record<string, never>; bytes: string } =>
  VECTORS.messages.find((one: { name: string }) => one.name === name);

test("messages are written and read as the protocol's vectors say", () => {
  const [r, c, a, s] = [of("READ").fields, of("CREDIT").fields, of("ACK").fields, of("SET_TIME").fields];
  assert.equal(hexOf(hello(bytesOf(VECTORS.gateway_nonce))), of("HELLO").bytes);
  assert.equal(hexOf(getStatus()), of("GET_STATUS").bytes);
  assert.equal(hexOf(read(r["epoch"]!, r["position"]!, r["credits"]!)), of("READ").bytes);
  assert.equal(hexOf(credit(c["credits"]!)), of("CREDIT").bytes);
  assert.equal(hexOf(ack(a["epoch"]!, a["position"]!, a["confirmed"]!)), of("ACK").bytes);
  assert.equal(hexOf(setTime(s["utc_ms"]!)), of("SET_TIME").bytes);
  const { epoch, start, end, utc_s, recording } = of("STATUS").fields;
  assert.deepEqual(received(bytesOf(of("STATUS").bytes)), {
    kind: "status",
    epoch,
    start,
    end,
    utc_s,
    recording,
  });
  const data = received(bytesOf(of("DATA").bytes));
  assert.ok(data?.kind === "data" && data.position === of("DATA").fields["position"]);
  assert.equal(hexOf(data.data), of("DATA").fields["data"]);
  assert.equal(received(bytesOf(of("STATUS").bytes.slice(0, -2))), null);
});

test("frames are sealed and opened as the protocol's vectors say", async () => {
  const keys = bytesOf(VECTORS.link_keys);
  const [down, up] = [keys.slice(0, 48), keys.slice(48)].map(part => ({
    cipher: part.slice(0, 16),
    mac: part.slice(16),
  })) as [never, never];
  const channel = await SecureChannel.of(down, up);
  let opened = 0;
  for (const frame of VECTORS.frames) {
    const message = bytesOf(frame.message);
    if (frame.direction === "to wearable") assert.equal(hexOf(await channel.seal(message)), frame.frame);
    else {
      const channel = await SecureChannel.of(down, up); // a jump of the counter is none of its matter
      assert.deepEqual(await channel.open(bytesOf(frame.frame)), message);
      assert.equal(await channel.open(bytesOf(frame.frame)), "replayed");
      assert.equal(await channel.open(bytesOf(`${frame.frame.slice(0, -2)}00`)), "forged");
      opened++;
    }
  }
  assert.ok(opened > 0);
  assert.equal(await channel.open(bytesOf("00")), "short");
});

test("a pull acknowledges what is kept, asks again for what was lost, and grants no more than a window", () => {
  const pull = new Pull(0);
  const kinds = (actions: Action[]): (number | string)[] =>
    actions.map(one => (one.do === "send" ? (one.message[0] as number) : one.do));
  const status = { kind: "status" as const, epoch: 7, start: 0, end: 10_000, utc_s: 100, recording: 0 };
  assert.deepEqual(kinds(pull.take(status, 0, 100_000)), ["begin"]);
  assert.deepEqual(kinds(pull.began(0, 0, 0)), [9, 6]);
  const data = (position: number): Action[] =>
    pull.take({ kind: "data", position, data: new Uint8Array(100) }, 10, 0);
  for (let n = 0; n < WINDOW / 2 - 1; n++) assert.deepEqual(kinds(data(100 * n)), ["write"]);
  assert.deepEqual(kinds(data(3100)), ["write", "keep"]);
  assert.deepEqual(kinds(pull.kept(3200)), [9, 7]);
  assert.deepEqual(kinds(data(3400)), [6]); // 3200 was lost
  assert.deepEqual(kinds(data(3500)), []);
  assert.deepEqual(kinds(data(3200)), ["write"]);
  assert.deepEqual(kinds(pull.confirm(9999)), [9]);
  assert.deepEqual(kinds(pull.tick(400)), ["keep"]);
  assert.deepEqual(kinds(pull.take({ ...status, epoch: 8 }, 500, 100_000)), ["begin"]);
  assert.throws(() => pull.began(10_001, 0, 500), PullError);
  assert.throws(() => pull.tick(60_000), PullError);
});
