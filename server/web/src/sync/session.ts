// One connection's sync, from the greeting on: the pull's actions to radio, spool and server, in their order.

import { send as sendWaiting } from "../phone/when.ts";
import type { Bytes } from "./frames.ts";
import { type Heard, getStatus, put, received } from "./messages.ts";
import { type Action, Pull } from "./pull.ts";
import { BUSY, Push, REFUSED } from "./push.ts";
import { type Device, type Link, connect } from "./radio.ts";
import { Spool, standingOf } from "./spool.ts";
import { report, wishesOf } from "./wishes.ts";

const TICK_MS = 250;
const UPLOAD_MS = 2_000;
const WISHES_MS = 60_000;
const REPORT_MS = 30_000;

export interface Shown {
  start: number;
  durable: number;
  end: number;
  confirmed: number;
  caughtUp: boolean;
  pushing: boolean;
  trouble: string | null;
}

export interface Owner {
  owner_id: string;
  owner: string;
}

/** Follow a wearable's journal; rejects when the connection is gone, resolves when `stopped` says so. */
export async function follow(
  device: Device,
  owner: Owner,
  show: (now: Shown) => void,
  stopped: () => boolean,
): Promise<void> {
  const pull = new Pull(performance.now());
  const push = new Push();
  let heard: Heard | null = null;
  let reported = "";
  let reported_ms = -REPORT_MS;
  let wished_ms = -WISHES_MS;
  let spool: Spool | null = null;
  let failure: unknown = null;
  let working = Promise.resolve();
  let link: Link | null = null;
  const early: Bytes[] = [];

  const begin = async (epoch: number, start: number): Promise<Action[]> => {
    const device_id = (link as Link).device_id;
    const headers = { "Paceline-User": owner.owner_id };
    const answer = await fetch(`/api/v1/devices/${device_id}/journal/${epoch}`, { headers });
    if (!answer.ok) throw new Error(String(answer.status));
    const { position } = (await answer.json()) as { position: number };
    spool = await Spool.begin({ ...owner, device_id, epoch }, start, position);
    return pull.began(spool.journal.durable, position, performance.now());
  };

  const act = async (actions: Action[]): Promise<void> => {
    const waiting = [...actions];
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      if (next.do === "send") await (link as Link).send(next.message);
      else if (next.do === "write") spool?.write(next.position, next.data);
      else if (next.do === "keep") waiting.push(...pull.kept((await spool?.keep()) ?? 0));
      else waiting.push(...(await begin(next.epoch, next.start)));
    }
  };

  /** One thing after the other: frames, ticks, answers of the server. */
  const doing = (work: () => Action[]): Promise<void> =>
    (working = working.then(() => act(work())).catch(error => void (failure ??= error)));

  const take = (message: Bytes): Promise<void> => {
    if (link === null) {
      early.push(message); // STATUS may come before the write of AUTH has returned
      return Promise.resolve();
    }
    const told = received(message);
    if (told === null) return Promise.resolve();
    if (told.kind === "status") heard = told.heard ?? heard;
    return doing(() => {
      if (told.kind === "put_ok") {
        const whole = push.answered({ kind: told.blob, version: told.version }, told.offset);
        return whole ? [{ do: "send", message: getStatus() }, ...pushed()] : pushed();
      }
      if (told.kind === "error" && push.expectsAnswer && [BUSY, REFUSED].includes(told.code)) {
        push.error(told.code, performance.now());
        return pushed();
      }
      return pull.take(told, performance.now(), Date.now());
    });
  };

  /** The piece that is due of what the server wants on the wearable. */
  const pushed = (): Action[] => {
    const piece = push.next(performance.now(), (link as Link).mtu);
    return piece ? [{ do: "send", message: put(piece) }] : [];
  };

  /** Beside the reading: what the wearable said goes to the server, and what is wanted on it comes. */
  const exchange = async (place: { device_id: string; owner_id: string }, said: Heard): Promise<void> => {
    const { settings_version, plan_version, assistance_version, recording } = said;
    const news = [settings_version, plan_version, assistance_version, recording].join(" ");
    const now_ms = performance.now();
    if (news !== reported || now_ms - reported_ms > REPORT_MS) {
      [reported, reported_ms] = [news, now_ms];
      await report(place, said);
    }
    if (!pull.caughtUp || push.busy || now_ms - wished_ms < WISHES_MS) return;
    wished_ms = now_ms;
    push.offer(await wishesOf(place, said, wish => push.isSettled(wish)));
  };

  device.addEventListener("gattserverdisconnected", () => (failure ??= new Error("disconnected")), {
    once: true,
  });
  link = await connect(device, owner.owner_id, take, error => (failure ??= error));
  for (const message of early) await take(message);

  let uploaded_ms = 0;
  let uploading = false;
  let exchanging = false;
  while (!stopped() && failure === null) {
    await new Promise(resolve => setTimeout(resolve, TICK_MS));
    await doing(() => pull.tick(performance.now()));
    if (spool === null) continue;
    await doing(pushed);
    if (!exchanging && heard !== null) {
      exchanging = true;
      void exchange({ device_id: link.device_id, owner_id: owner.owner_id }, heard)
        .catch(error => console.warn("sync:", error)) // no network: asked again
        .finally(() => (exchanging = false));
    }
    if (!uploading && performance.now() - uploaded_ms > UPLOAD_MS) {
      uploading = true; // beside the reading, which waits for no server
      void sendWaiting().finally(() => {
        uploading = false;
        uploaded_ms = performance.now();
      });
    }
    const { confirmed, trouble } = await standingOf((spool as Spool).journal);
    await doing(() => pull.confirm(confirmed));
    const { start, durable, end, caughtUp } = pull;
    show({ start, durable, end, confirmed, caughtUp, pushing: push.busy, trouble });
  }
  if (failure !== null && !stopped()) throw failure;
  device.gatt.disconnect();
}
