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
  put,
  read,
  received,
  setTime,
} from "../src/sync/messages.ts";
import { BUSY, Push, REFUSED, lacks } from "../src/sync/push.ts";
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
  const told = of("STATUS").fields as Record<string, never>;
  const status = received(bytesOf(of("STATUS").bytes));
  assert.ok(status?.kind === "status" && status.heard);
  const { firmware, ...numbers } = status.heard;
  for (const [name, value] of Object.entries({ ...numbers, start: status.start, utc_s: status.utc_s }))
    assert.equal(value, told[name], name);
  assert.equal(hexOf(Uint8Array.from(firmware.split(".").map(Number))), told["firmware"]);
  const piece = of("PUT").fields as Record<string, never>;
  const sent = { kind: piece["kind"]!, version: piece["version"]!, total: piece["total"]! };
  const data = bytesOf(piece["data"]!);
  assert.equal(hexOf(put({ ...sent, offset: piece["offset"]!, data })), of("PUT").bytes);
  const { kind: blob, version, offset } = of("PUT_OK").fields as Record<string, never>;
  assert.deepEqual(received(bytesOf(of("PUT_OK").bytes)), { kind: "put_ok", blob, version, offset });
  const journal = received(bytesOf(of("DATA").bytes));
  assert.ok(journal?.kind === "data" && journal.position === of("DATA").fields["position"]);
  assert.equal(hexOf(journal.data), of("DATA").fields["data"]);
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

test("a push sends piece after piece, goes on where the wearable says, and offers nothing twice", () => {
  const push = new Push();
  const [settings, plan] = [1, 2].map(kind => ({ kind, version: 7, data: new Uint8Array(100) })) as [
    never,
    never,
  ];
  push.offer([settings, plan]);
  assert.deepEqual([push.next(0, 79)?.offset, push.next(100, 79)], [0, null]); // one piece is out at a time
  assert.equal(push.next(3_000, 79)?.offset, 0); // it was lost
  assert.equal(push.answered({ kind: 1, version: 7 }, 50), false);
  const last = push.next(3_100, 79);
  assert.deepEqual([last?.offset, last?.total, last?.data.length], [50, 100, 50]);
  assert.equal(push.answered({ kind: 1, version: 6 }, 100), false); // of an older one
  assert.equal(push.answered({ kind: 1, version: 7 }, 100), true);
  assert.equal(push.next(3_200, 79)?.kind, 2);
  push.error(BUSY, 3_300);
  assert.deepEqual([push.busy, push.next(3_400, 79), push.next(70_000, 79)?.kind], [false, null, 2]);
  push.error(REFUSED, 70_100);
  push.offer([settings, plan]);
  assert.deepEqual([push.busy, push.next(80_000, 79)], [false, null]);
  const held = { settings_version: 7, plan_version: 0, assistance_version: 0 } as never;
  assert.deepEqual(
    [1, 2, 4, 5].map(kind => lacks(held, { kind, version: 7 })),
    [false, true, false, true], // firmware stays with the gateways at home; of notices a STATUS tells nothing
  );
});
