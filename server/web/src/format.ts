// Numbers as people read them. The same rules as paceline_server/words/quantities.py; both are held to format_vectors.json.

/** Sports whose speed is told as km/h; the others are told as time per distance. */
const BY_SPEED = new Set(["cycling", "other", "indoor"]);
const DASH = "–";

export interface Quantity {
  value: string;
  unit: string;
}

/** Metres as kilometres: two decimals below 100 km, one above. */
export function distance(metres: number | null): Quantity {
  if (metres === null) return { value: DASH, unit: "km" };
  return { value: (metres / 1000).toFixed(metres < 99_995 ? 2 : 1), unit: "km" };
}

/** Seconds as m:ss or h:mm:ss, cut, not rounded. */
export function duration(seconds: number | null): string {
  if (seconds === null) return DASH;
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  const ss = String(whole % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${ss}` : `${minutes}:${ss}`;
}

/** The word over a rate in this sport. */
export function rateName(sport: string): "Pace" | "Speed" {
  return BY_SPEED.has(sport) ? "Speed" : "Pace";
}

/** Speed as the sport tells it: 4:51 /km, 1:52 /100 m or 28.4 km/h; below 0.3 m/s a pace is a dash. */
export function rate(speed_m_s: number | null, sport: string): Quantity {
  if (BY_SPEED.has(sport)) {
    return { value: speed_m_s === null ? DASH : (speed_m_s * 3.6).toFixed(1), unit: "km/h" };
  }
  const per = sport === "swimming" ? 100 : 1000;
  const unit = per === 100 ? "/100 m" : "/km";
  if (speed_m_s === null || speed_m_s < 0.3) return { value: DASH, unit };
  return { value: duration(Math.round(per / speed_m_s)), unit };
}

/** A whole number with thousands separated by commas. */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A whole number with its unit, or a dash. */
export function whole(value: number | null, unit: string): Quantity {
  return { value: value === null ? DASH : count(value), unit };
}
