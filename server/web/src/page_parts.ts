// The parts of the page that change while an activity grows.

import { count, distance, duration, rate } from "./format.ts";
import type { Activity } from "./live.ts";
import { addButtons } from "./stretches.ts";

const DASH = "–";

function put(root: ParentNode, name: string, text: string): void {
  for (const element of root.querySelectorAll(`[data-figure="${name}"]`)) {
    if (element.textContent !== text) element.textContent = text;
  }
}

/** Show the figures of the activity's JSON. */
export function showFigures(root: ParentNode, activity: Activity): void {
  const moving_s = activity.moving_time_s ?? activity.duration;
  const speed = moving_s && (activity.distance ?? 0) >= 10 ? (activity.distance ?? 0) / moving_s : null;
  const whole = (value: number | null): string => (value === null ? DASH : count(value));
  put(root, "distance", distance(activity.distance).value);
  put(root, "moving", duration(moving_s));
  put(root, "elapsed", duration(activity.duration));
  put(root, "rate", rate(speed, activity.type).value);
  put(root, "ascent", whole(activity.ascent_m));
  put(root, "heart-avg", whole(activity.heart_rate_avg));
  put(root, "heart-max", whole(activity.heart_rate_max));
  put(root, "received", count(activity.receipt?.received ?? activity.points_count));
}

/** Take the parts that only the server words (figures, splits, receipt) from a fresh copy of this page. */
export async function refreshParts(root: HTMLElement): Promise<void> {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of root.querySelectorAll<HTMLElement>("[data-part]")) {
    const fresh = page.querySelector(`[data-part="${part.dataset.part}"]`);
    if (fresh) part.replaceWith(document.adoptNode(fresh));
  }
  addButtons(root);
}
