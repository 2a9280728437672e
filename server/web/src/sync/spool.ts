// What was read of a wearable and is not on the server yet, range by range, in the browser's database.

import { between, get, write } from "../phone/database.ts";
import { type Bytes, joined } from "./frames.ts";

/** Where a journal stands on this phone: `durable` is the next byte wanted. */
export interface Journal {
  owner_id: string;
  owner: string;
  device_id: string;
  epoch: number;
  durable: number;
}

/** What the server said of it: another row, as another hand writes it, perhaps the worker's. */
export interface Standing {
  id: string;
  confirmed: number;
  trouble: string | null;
}

export interface Range {
  owner_id: string;
  device_id: string;
  epoch: number;
  position: number;
  bytes: Bytes;
}

type Place = Pick<Journal, "owner_id" | "device_id" | "epoch">;

export const keyOf = ({ owner_id, device_id, epoch }: Place): [string, string, number] => [
  owner_id,
  device_id,
  epoch,
];

export async function standingOf(place: Place): Promise<Standing> {
  const id = `journal ${keyOf(place).join(" ")}`;
  return (await get<Standing>("progress", id)) ?? { id, confirmed: 0, trouble: null };
}

/** The ranges that wait, in order. */
export async function rangesOf(place: Place): Promise<Range[]> {
  return between<Range>("ranges", [...keyOf(place), 0], [...keyOf(place), Infinity]);
}

/** Takes what comes of one journal, and has it on the disk when `keep` resolves. */
export class Spool {
  journal: Journal;
  #pieces: Bytes[] = [];
  #cursor: number;

  private constructor(journal: Journal) {
    this.journal = journal;
    this.#cursor = journal.durable;
  }

  /**
   * Begin where this phone stopped, or where the server is: another gateway may have brought more, or all may have been
   * lost there. What lies before `start` the wearable has not any more.
   */
  static async begin(place: Place & { owner: string }, start: number, server: number): Promise<Spool> {
    const held = await get<Journal>("journals", keyOf(place));
    const first = (await rangesOf(place))[0]?.position;
    const waits = held && first !== undefined && first <= server ? held.durable : 0;
    const durable = Math.max(start, server, waits);
    const journal = { ...place, durable };
    const standing = { ...(await standingOf(place)), confirmed: server, trouble: null };
    await write(["journals", "progress"], of => {
      of("journals").put(journal);
      of("progress").put(standing);
    });
    return new Spool(journal);
  }

  /** What lies below the cursor is held already; the server compares. */
  write(position: number, data: Bytes): void {
    const fresh = data.slice(this.#cursor - position);
    if (!fresh.length) return;
    this.#pieces.push(fresh);
    this.#cursor += fresh.length;
  }

  /** Put what came on the disk; return up to where it is there. */
  async keep(): Promise<number> {
    const bytes = joined(...this.#pieces.splice(0));
    if (bytes.length) {
      const { owner_id, device_id, epoch, durable: position } = this.journal;
      this.journal = { ...this.journal, durable: position + bytes.length };
      await write(["journals", "ranges"], of => {
        of("ranges").put({ owner_id, device_id, epoch, position, bytes });
        of("journals").put(this.journal);
      });
    }
    return this.journal.durable;
  }
}
