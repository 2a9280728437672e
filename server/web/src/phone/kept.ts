// What is kept on a phone until the server has it, always with whose it is: a phone may know several people.

export interface Stretch {
  start_s: number;
  end_s: number;
}

/** A moment of a workout as the server takes it (API.md); `time` in seconds since the start. */
export interface Point {
  time: number;
  lat?: number;
  lng?: number;
  altitude?: number;
  speed?: number;
  heart_rate?: number;
}

/** A workout that is or was recorded here; its id becomes the activity's, so that it is one however often it is sent. */
export interface Recording {
  id: string;
  owner_id: string;
  owner: string;
  sport: string;
  started_ms: number;
  state: "recording" | "paused" | "ended";
  points: number;
  distance_m: number;
  laps: Stretch[];
  pauses: Stretch[];
  paused_at_s: number | null;
  ended_s: number | null;
  title: string;
  notes: string;
}

/** How far the sending of a recording has come; another row than the recording, as another hand writes it. */
export interface Progress {
  id: string;
  begun: boolean;
  sent: number;
  finished: boolean;
  trouble: string | null;
}

/** A write that waits: a meal, a weight, a workout by hand. `trouble`: what the server said when it refused it. */
export interface Errand {
  id: string;
  owner_id: string;
  owner: string;
  made_ms: number;
  name: string;
  method: "POST" | "PUT" | "DELETE";
  path: string;
  body: unknown;
  trouble: string | null;
}

/** A UUID of version 7 (RFC 9562): the time in front, as the server's own. */
export function newId(now_ms: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Math.floor(now_ms / 2 ** 32));
  view.setUint32(2, now_ms % 2 ** 32);
  bytes[6] = 0x70 | ((bytes[6] as number) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] as number) & 0x3f);
  const hex = [...bytes].map(byte => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
