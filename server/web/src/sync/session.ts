// One connection's sync, from the greeting on: the pull's actions to radio, spool and server, in their order.

import { send as sendWaiting } from "../phone/when.ts";
import type { Bytes } from "./frames.ts";
import { received } from "./messages.ts";
import { type Action, Pull } from "./pull.ts";
import { type Device, type Link, connect } from "./radio.ts";
import { Spool, standingOf } from "./spool.ts";

const TICK_MS = 250;
const UPLOAD_MS = 2_000;

export interface Shown {
  start: number;
  durable: number;
  end: number;
  confirmed: number;
  caughtUp: boolean;
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
    return told ? doing(() => pull.take(told, performance.now(), Date.now())) : Promise.resolve();
  };

  device.addEventListener("gattserverdisconnected", () => (failure ??= new Error("disconnected")), {
    once: true,
  });
  link = await connect(device, owner.owner_id, take, error => (failure ??= error));
  for (const message of early) await take(message);

  let uploaded_ms = 0;
  let uploading = false;
  while (!stopped() && failure === null) {
    await new Promise(resolve => setTimeout(resolve, TICK_MS));
    await doing(() => pull.tick(performance.now()));
    if (spool === null) continue;
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
    show({ start, durable, end, confirmed, caughtUp, trouble });
  }
  if (failure !== null && !stopped()) throw failure;
  device.gatt.disconnect();
}
