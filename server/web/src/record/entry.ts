// The forms of the recorder's page: what is entered goes into the list of what waits, network or not.

import { type Owner, type SetDone, byHand, enqueue, meal, weight } from "../phone/errands.ts";
import { send, sendInBackground } from "../phone/when.ts";

const text = (form: FormData, name: string): string => String(form.get(name) ?? "").trim();
const number = (form: FormData, name: string): number => Number(text(form, name).replace(",", "."));

/** What one of the reader's units is in metres and kilograms, as the form says. */
interface Sizes {
  distance: number;
  weight: number;
}

/** To the gram and the metre: a pound is no round number of kilograms. */
const rounded = (value: number): number => Math.round(1000 * value) / 1000;

function setsOf(form: FormData, sizes: Sizes): SetDone[] {
  const [repetitions, loads] = [form.getAll("repetitions"), form.getAll("load")];
  return form.getAll("exercise").flatMap((exercise, at) => {
    const [reps, load] = [Number(repetitions[at]), String(loads[at] ?? "").replace(",", ".")];
    const done: SetDone = { exercise: String(exercise).trim(), repetitions: reps };
    if (load.trim()) done.load_kg = rounded(Number(load) * sizes.weight);
    return reps > 0 ? [done] : [];
  });
}

async function take(kind: string, form: FormData, owner: Owner, name: string, sizes: Sizes): Promise<void> {
  if (kind === "meal") {
    const what = text(form, "name") || name;
    await enqueue(owner, what, meal(what, number(form, "kcal"), new Date(text(form, "time"))));
  } else if (kind === "weight") {
    const kilograms = rounded(number(form, "value") * sizes.weight);
    await enqueue(owner, name, weight(owner.owner_id, text(form, "day"), kilograms));
  } else {
    const distance_m = text(form, "far") ? rounded(number(form, "far") * sizes.distance) : null;
    const said = {
      sport: text(form, "type"),
      start: new Date(text(form, "start")),
      notes: text(form, "notes"),
    };
    const told = { ...said, minutes: number(form, "minutes"), distance_m, sets: setsOf(form, sizes) };
    await enqueue(owner, name, byHand(told));
  }
}

/** The local time as a field of that type takes it. */
function localNow(): string {
  const now = new Date();
  return new Date(now.getTime() - 60_000 * now.getTimezoneOffset()).toISOString();
}

/** Let the forms below an element enter things for their owner; `changed` hears of each. */
export function takeEntries(root: HTMLElement, owner: Owner, changed: () => void): void {
  for (const form of root.querySelectorAll<HTMLFormElement>("form[data-entry]")) {
    const fill = (): void => {
      for (const field of form.querySelectorAll<HTMLInputElement>("[type=datetime-local]")) {
        field.value = localNow().slice(0, 16);
      }
      for (const field of form.querySelectorAll<HTMLInputElement>("[type=date]"))
        field.value = localNow().slice(0, 10);
    };
    fill();
    form.addEventListener("submit", event => {
      event.preventDefault();
      const { entry, name, distanceSi, weightSi } = form.dataset as Record<string, string>;
      const sizes = { distance: Number(distanceSi), weight: Number(weightSi) };
      void take(entry as string, new FormData(form), owner, name as string, sizes).then(async () => {
        form.reset();
        fill();
        changed();
        await sendInBackground();
        await send();
      });
    });
    form.querySelector("[data-more]")?.addEventListener("click", () => {
      const sets = [...form.querySelectorAll(".entry-set")];
      const fresh = (sets.at(-1) as HTMLElement).cloneNode(true) as HTMLElement;
      for (const field of fresh.querySelectorAll("input")) if (field.name !== "exercise") field.value = "";
      sets.at(-1)?.after(fresh);
    });
  }
}
