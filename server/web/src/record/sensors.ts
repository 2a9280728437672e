// What the phone itself gives while a workout is recorded: where it is, and a screen that stays on.

import type { Fix } from "./track.ts";

export type Gps = "searching" | "good" | "poor" | "denied" | "absent";

const GOOD_M = 25;

/** Watch positions until the returned function is called. */
export function watchPosition(take: (fix: Fix) => void, say: (gps: Gps) => void): () => void {
  if (!("geolocation" in navigator)) {
    say("absent");
    return () => undefined;
  }
  say("searching");
  const id = navigator.geolocation.watchPosition(
    ({ coords, timestamp }) => {
      say(coords.accuracy <= GOOD_M ? "good" : "poor");
      take({
        at_ms: timestamp,
        lat: coords.latitude,
        lng: coords.longitude,
        accuracy_m: coords.accuracy,
        altitude_m: coords.altitude,
        speed_m_s: coords.speed,
      });
    },
    error => say(error.code === error.PERMISSION_DENIED ? "denied" : "searching"),
    { enableHighAccuracy: true, maximumAge: 0 },
  );
  return () => navigator.geolocation.clearWatch(id);
}

/** Keep the screen on, as pages stand still in the dark; the browser lets go of it whenever the page is hidden. */
export function stayAwake(): () => void {
  let lock: WakeLockSentinel | null = null;
  let over = false;
  const take = async (): Promise<void> => {
    if (over || document.visibilityState !== "visible") return;
    lock = await navigator.wakeLock.request("screen").catch(() => null); // refused on a low battery
    if (over) void lock?.release();
  };
  if ("wakeLock" in navigator) {
    void take();
    document.addEventListener("visibilitychange", take);
  }
  return () => {
    over = true;
    document.removeEventListener("visibilitychange", take);
    void lock?.release();
  };
}
