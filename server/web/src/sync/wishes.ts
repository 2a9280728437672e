// What the server wants on a wearable, and what is told it of what is there: as the gateway's downlink does.

import type { Bytes } from "./frames.ts";
import type { Heard } from "./messages.ts";
import { type Blob, KINDS, type Wish, lacks } from "./push.ts";

interface Place {
  device_id: string;
  owner_id: string;
}

const asked = async (
  { device_id, owner_id }: Place,
  path: string,
  more: RequestInit = {},
): Promise<Response> => {
  const headers = { "Content-Type": "application/json", "Paceline-User": owner_id };
  const response = await fetch(`/api/v1/devices/${device_id}/${path}`, { headers, ...more });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response;
};

/** Fetch what the wearable lacks, but for what `settled` knows. */
export async function wishesOf(
  place: Place,
  heard: Heard,
  settled: (wish: Wish) => boolean,
): Promise<Blob[]> {
  const { blobs } = (await (await asked(place, "desired")).json()) as {
    blobs: { kind: string; version: number }[];
  };
  const found: Blob[] = [];
  for (const { kind: name, version } of blobs) {
    const wish = { kind: KINDS.indexOf(name), version };
    if (wish.kind < 1 || !lacks(heard, wish) || settled(wish)) continue;
    const answer = await asked(place, `desired/${encodeURIComponent(name)}`);
    found.push({ ...wish, data: new Uint8Array(await answer.arrayBuffer()) as Bytes });
  }
  return found;
}

/** Tell the server what the wearable said of itself. */
export async function report(place: Place, heard: Heard): Promise<void> {
  await asked(place, "status", { method: "PUT", body: JSON.stringify(heard) });
}
