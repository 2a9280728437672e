// The ground beneath the track: a square grid in metres and a scale bar one square long. No tile is ever asked for.

import L from "leaflet";
import { gridDegrees, niceStep, stepLabel } from "./route.ts";

const SQUARE_PX = 76;
const MINOR_PER_SQUARE = 5;

function metresPerPixel(map: L.Map): number {
  const centre = map.getSize().divideBy(2);
  const left = map.containerPointToLatLng(centre);
  return map.distance(left, map.containerPointToLatLng(centre.add([100, 0]))) / 100;
}

/** Whole multiples of `step` from a little before `low` to a little after `high`. */
function multiples(low: number, high: number, step: number): number[] {
  const first = Math.floor(low / step);
  return Array.from({ length: Math.ceil(high / step) - first + 1 }, (_, index) => first + index);
}

function gridLines(
  map: L.Map,
  step_m: number,
  latitude_deg: number,
): { minor: L.LatLngTuple[][]; major: L.LatLngTuple[][] } {
  const bounds = map.getBounds().pad(0.6);
  const size = gridDegrees(step_m, latitude_deg);
  const result: { minor: L.LatLngTuple[][]; major: L.LatLngTuple[][] } = { minor: [], major: [] };
  for (const n of multiples(bounds.getSouth(), bounds.getNorth(), size.latitude)) {
    const latitude = n * size.latitude;
    const line: L.LatLngTuple[] = [
      [latitude, bounds.getWest()],
      [latitude, bounds.getEast()],
    ];
    (n % MINOR_PER_SQUARE === 0 ? result.major : result.minor).push(line);
  }
  for (const n of multiples(bounds.getWest(), bounds.getEast(), size.longitude)) {
    const longitude = n * size.longitude;
    const line: L.LatLngTuple[] = [
      [bounds.getSouth(), longitude],
      [bounds.getNorth(), longitude],
    ];
    (n % MINOR_PER_SQUARE === 0 ? result.major : result.minor).push(line);
  }
  return result;
}

/** Draw the grid and its scale bar, and keep both fitting the view. `latitude_deg` is where the squares are square. */
export function addGrid(map: L.Map, latitude_deg: number, colour: () => string): void {
  const pane = map.createPane("ground");
  pane.style.zIndex = "150";
  const renderer = L.canvas({ pane: "ground", padding: 0.6 });
  const shared = { renderer, pane: "ground", interactive: false, color: colour() };
  const minor = L.polyline([], { ...shared, weight: 0.6 }).addTo(map);
  const major = L.polyline([], { ...shared, weight: 1.4 }).addTo(map);
  const bar = scaleBar(map);
  const draw = (): void => {
    const perPixel = metresPerPixel(map);
    if (!Number.isFinite(perPixel) || perPixel <= 0) return;
    const step = niceStep(perPixel * SQUARE_PX);
    const grid = gridLines(map, step / MINOR_PER_SQUARE, latitude_deg);
    minor.setStyle({ color: colour() }).setLatLngs(grid.minor);
    major.setStyle({ color: colour() }).setLatLngs(grid.major);
    bar(step, step / perPixel);
  };
  map.on("moveend zoomend resize", draw);
  draw();
}

function scaleBar(map: L.Map): (step_m: number, width_px: number) => void {
  const control = new L.Control({ position: "bottomleft" });
  const element = L.DomUtil.create("div", "scale");
  control.onAdd = () => element;
  control.addTo(map);
  return (step_m, width_px) => {
    element.textContent = stepLabel(step_m);
    element.style.width = `${Math.round(width_px)}px`;
  };
}
