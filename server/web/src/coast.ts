// The coastline under a route that is seen from far: shipped with the pages, fetched when one zooms out for the first time.

import L from "leaflet";
import { coastLines } from "./coast_lines.ts";

const FAR_ZOOM = 8; // beyond it a square of the grid is over 20 km, and the line (1:50 million) is near enough

/** Show the coastline on a map in the pane of its ground, whenever it is far enough. */
export function addCoast(map: L.Map, address: string, colour: () => string): void {
  let coast: Promise<L.Polyline | null> | null = null;
  const fetched = async (): Promise<L.Polyline | null> => {
    const answer = await fetch(address).catch(() => null);
    if (!answer?.ok) return null;
    const lines = coastLines((await answer.json()) as number[][]);
    const renderer = L.canvas({ pane: "ground", padding: 0.6 });
    return L.polyline(lines, { renderer, pane: "ground", interactive: false, weight: 1.5, color: colour() });
  };
  const show = async (): Promise<void> => {
    const far = map.getZoom() <= FAR_ZOOM;
    if (far) coast ??= fetched();
    const line = await coast;
    if (!far) line?.remove();
    else line?.setStyle({ color: colour() }).addTo(map);
  };
  map.on("zoomend", () => void show());
  void show();
}
