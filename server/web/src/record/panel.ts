// The recorder's page: buttons and sensors to the workout, the workout to the disk and to big figures.

import { choose } from "../heart/strap.ts";
import { takeBack } from "../phone/errands.ts";
import { forget } from "../phone/sending.ts";
import { send, sendInBackground } from "../phone/when.ts";
import { words } from "../words.ts";
import { Face } from "./face.ts";
import { keep, leftOver } from "./keeper.ts";
import { type Gps, stayAwake, watchPosition } from "./sensors.ts";
import type { Fix } from "./track.ts";
import { Workout } from "./workout.ts";

const TICK_MS = 1000;

export class Panel {
  readonly #root: HTMLElement;
  readonly #words: Record<string, string>;
  readonly #face: Face;
  #workout: Workout | null = null;
  #release: (() => void)[] = [];
  #letGo: (() => void) | null = null;
  #keeping: Promise<void> = Promise.resolve();

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#words = words(root);
    this.#face = new Face(root);
    root.addEventListener("click", event => {
      const button = (event.target as HTMLElement).closest<HTMLElement>("[data-do]");
      if (button) void this.#do(button.dataset["do"] as string);
    });
    setInterval(() => this.#tick(), TICK_MS);
  }

  /** Show the page; a workout that was under way when it was closed goes on. */
  async open(): Promise<void> {
    const kept = await leftOver(this.#root.dataset["ownerId"] as string);
    if (kept) {
      this.#workout = new Workout(kept, Date.now());
      this.#listen();
      this.#say("again");
    }
    this.#show();
  }

  async #do(what: string): Promise<void> {
    const now_ms = Date.now();
    const workout = this.#workout;
    if (what === "start") this.#start(now_ms);
    else if (what === "heart") await this.#heart();
    else if (!workout) return;
    else if (what === "pause") workout.pause(now_ms);
    else if (what === "resume") workout.resume(now_ms);
    else if (what === "lap") workout.lap(now_ms);
    else if (what === "end") workout.end(now_ms);
    else if (what === "save") return this.#save(workout);
    else if (what === "discard") return this.#discard(workout);
    // An ended one is kept as paused until it is saved, so that nothing is sent before it is wanted.
    if (this.#workout && what !== "heart" && this.#workout.kept.state !== "ended") this.#keep();
    this.#show();
  }

  #start(now_ms: number): void {
    const { ownerId, owner } = this.#root.dataset as { ownerId: string; owner: string };
    const chosen = this.#root.querySelector<HTMLSelectElement>("[name=sport]")?.value ?? "other";
    this.#workout = Workout.begin(ownerId, owner, chosen, now_ms);
    void navigator.storage?.persist?.();
    this.#listen();
  }

  async #save(workout: Workout): Promise<void> {
    const field = (name: string): string =>
      this.#root.querySelector<HTMLInputElement>(`[name=${name}]`)?.value.trim() ?? "";
    workout.kept = { ...workout.kept, title: field("title"), notes: field("notes") };
    this.#keep();
    this.#end();
    await this.#keeping;
    this.#say("kept");
    await sendInBackground();
    await send();
  }

  async #discard(workout: Workout): Promise<void> {
    if (!confirm(this.#words["discard"])) return;
    this.#end();
    await this.#keeping;
    await forget(workout.kept.id);
    await takeBack(workout.kept, this.#words["taken_back"] ?? ""); // points of it may be on the server
    await send();
  }

  #end(): void {
    this.#workout = null;
    for (const release of this.#release.splice(0)) release();
    this.#show();
  }

  #listen(): void {
    const take = (fix: Fix): void => {
      const point = this.#workout?.fix(fix, Date.now());
      if (point) this.#keep(point);
    };
    const say = (gps: Gps): void => this.#face.put("gps", this.#words[`gps_${gps}`] ?? "");
    this.#release.push(watchPosition(take, say), stayAwake());
  }

  async #heart(): Promise<void> {
    this.#letGo?.();
    this.#letGo = null;
    const take = (bpm: number): void => this.#workout?.beat(bpm, Date.now());
    const say = (state: string): void => this.#face.put("strap", this.#words[`strap_${state}`] ?? "");
    this.#letGo = await choose(take, say).catch(() => null);
  }

  #tick(): void {
    const point = this.#workout?.tick(Date.now());
    if (point) this.#keep(point);
    this.#face.figures(this.#workout, Date.now());
  }

  /** Keep in order; a full disk is told at once, while there is something to be done about it. */
  #keep(point: Parameters<typeof keep>[1] = null): void {
    const recording = (this.#workout as Workout).kept;
    this.#keeping = this.#keeping.then(() => keep(recording, point)).catch(() => this.#say("full"));
  }

  #show(): void {
    this.#face.show(this.#workout);
  }

  #say(word: string): void {
    this.#face.put("said", this.#words[word] ?? "");
  }
}
