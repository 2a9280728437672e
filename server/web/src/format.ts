// Numbers as people read them. The same rules as paceline_server/words/quantities.py; both are held to format_vectors.json.

/** Sports whose speed is told as km/h; the others are told as time per distance. */
const BY_SPEED = new Set(["cycling", "other", "indoor"]);
const DASH = "–";

export interface Quantity {
  value: string;
  unit: string;
}

interface Unit {
  name: string;
  si: number;
}

const MILE_M = 1609.344;
const METRIC = {
  distance: { name: "km", si: 1000 },
  height: { name: "m", si: 1 },
  speed: { name: "km/h", si: 1 / 3.6 },
  pace: { name: "/km", si: 1000 },
  pool: { name: "/100 m", si: 100 },
};
const IMPERIAL: Record<keyof typeof METRIC, Unit> = {
  distance: { name: "mi", si: MILE_M },
  height: { name: "ft", si: 0.3048 },
  speed: { name: "mph", si: 0.44704 },
  pace: { name: "/mi", si: MILE_M },
  pool: { name: "/100 yd", si: 91.44 },
};

/** The reader, as the server wrote it at the page's root; English and metric where there is no page. */
const ROOT = typeof document === "undefined" ? null : document.documentElement;
/** The reader's units. */
export const UNITS: Record<keyof typeof METRIC, Unit> =
  ROOT?.dataset["units"] === "imperial" ? IMPERIAL : METRIC;
const GERMAN = ROOT?.lang === "de";

/** Decimals and thousands as the reader's language marks them. */
function marked(text: string): string {
  return GERMAN ? text.replace(/[.,]/g, mark => (mark === "." ? "," : ".")) : text;
}

/** Metres as kilometres or miles: two decimals below 100 of them, one above. */
export function distance(metres: number | null): Quantity {
  const { name, si } = UNITS.distance;
  if (metres === null) return { value: DASH, unit: name };
  const far = metres / si;
  return { value: marked(far.toFixed(far < 99.995 ? 2 : 1)), unit: name };
}

/** Metres up or down as whole metres or feet. */
export function height(metres: number | null): Quantity {
  return whole(metres === null ? null : metres / UNITS.height.si, UNITS.height.name);
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
    const { name, si } = UNITS.speed;
    return { value: speed_m_s === null ? DASH : marked((speed_m_s / si).toFixed(1)), unit: name };
  }
  const { name, si } = sport === "swimming" ? UNITS.pool : UNITS.pace;
  if (speed_m_s === null || speed_m_s < 0.3) return { value: DASH, unit: name };
  return { value: duration(Math.round(si / speed_m_s)), unit: name };
}

/** A whole number with thousands separated by commas. */
export function count(value: number): string {
  return marked(String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ","));
}

/** A whole number with its unit, or a dash. */
export function whole(value: number | null, unit: string): Quantity {
  return { value: value === null ? DASH : count(value), unit };
}
