// The route on its grid: coloured lines, start and finish, marks along the way, and a marker that follows the charts.

import L from "leaflet";
import type { Marks, Stretch } from "./chart_marks.ts";
import { addCoast } from "./coast.ts";
import { addGrid } from "./grid.ts";
import { pinsOf } from "./pins.ts";
import { lines, nearestFix, pointAt, rowsBetween, rowsWithin } from "./route.ts";
import { type Shading, shadedLines } from "./shades.ts";
import type { Streams } from "./streams.ts";

const EDGE = { padding: [28, 28] as L.PointTuple, maxZoom: 18 };
const CLOSER = 1; // levels of zoom beyond the whole route at which its rows may not be enough

function css(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Leaflet rounds points to whole pixels, which makes steps of a dense track; this map does not. */
class FineMap extends L.Map {
  override latLngToLayerPoint(latlng: L.LatLngExpression): L.Point {
    return this.project(L.latLng(latlng)).subtract(this.getPixelOrigin());
  }
}

/** What a map shows; `shading` null is one colour. */
export interface Route {
  streams: Streams;
  marks: Marks;
  shading: Shading | null;
  live: boolean;
}

export class RouteMap {
  readonly #map: L.Map;
  readonly #route: Route;
  readonly #casing: L.Polyline;
  readonly #stretch: L.Polyline;
  readonly #strands = L.layerGroup();
  readonly #cursor: L.CircleMarker;
  readonly #pins = L.layerGroup();
  readonly #stroke: L.PolylineOptions;
  #follows = true;

  /** `element` has a size and holds the picture made by the server, which the map replaces. `streams` has a fix. */
  constructor(element: HTMLElement, route: Route, look: (stretch: { from_s: number; to_s: number }) => void) {
    element.replaceChildren();
    this.#route = route;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#map = new FineMap(element, {
      attributionControl: false,
      minZoom: 0, // not that of tiles: what they do not reach lies on the grid
      zoomSnap: 0.25,
      zoomDelta: 1,
      scrollWheelZoom: false,
      dragging: !matchMedia("(pointer: coarse)").matches,
      preferCanvas: true,
      zoomAnimation: !still,
      fadeAnimation: !still,
      inertia: !still,
    });
    const first = nearestFix(route.streams, 0, 1) ?? [0, 0];
    const renderer = L.canvas({ padding: 0.6 });
    this.#stroke = { renderer, interactive: false, smoothFactor: 0.3 };
    this.#casing = L.polyline([], { ...this.#stroke, weight: 8, opacity: 0.9 });
    this.#stretch = L.polyline([], { ...this.#stroke, weight: 12, opacity: 0.9 });
    const radius = 8;
    this.#cursor = L.circleMarker(first, { renderer, radius, weight: 3, fillOpacity: 1, interactive: false });
    this.#map.setView(first, 16);
    addGrid(this.#map, first[0], () => css("--grid"));
    const { tiles, zooms = "", coast } = element.dataset;
    if (coast) addCoast(this.#map, coast, () => css("--soft"));
    // Only where the server's operator named one: else nobody is asked. The grid stays beneath what does not come.
    const [minZoom = 0, maxNativeZoom = 19] = zooms.split(" ").map(Number);
    if (tiles) L.tileLayer(tiles, { minZoom, maxNativeZoom, maxZoom: 19 }).addTo(this.#map);
    for (const layer of [this.#casing, this.#stretch, this.#strands, this.#pins]) layer.addTo(this.#map);
    this.draw(route.live);
    this.paint();
    this.#map.on("focus", () => this.#map.scrollWheelZoom.enable());
    this.#map.on("blur", () => this.#map.scrollWheelZoom.disable());
    this.#map.on("dragstart", () => {
      this.#follows = false;
    });
    this.#map.on("moveend", () => this.#look(look));
  }

  /** Colours anew, from the tokens of the current scheme. */
  paint(): void {
    this.#casing.setStyle({ color: css("--card") });
    this.#stretch.setStyle({ color: css("--ink") });
    this.#cursor.setStyle({ color: css("--card"), fillColor: css("--ink") });
    this.#drawStrands();
    this.#map.fire("moveend");
  }

  /** Colour the route by another value, or by none. */
  shade(shading: Shading | null): void {
    this.#route.shading = shading;
    this.#drawStrands();
  }

  /** The whole route anew; the view follows unless the reader moved it. */
  draw(live: boolean): void {
    const { streams, marks } = this.#route;
    this.#casing.setLatLngs(lines(streams));
    this.#drawStrands();
    this.#pins.clearLayers();
    for (const pin of pinsOf(streams, marks, live)) this.#pins.addLayer(pin);
    const bounds = this.#casing.getBounds();
    if (!bounds.isValid() || !this.#follows) return;
    const seen = this.#map.getBounds().pad(-0.05).contains(bounds);
    const small = this.#map.getBoundsZoom(bounds) > this.#map.getZoom() + 1.5;
    if (!live || !seen || small) this.#map.fitBounds(bounds, { ...EDGE, animate: live });
    this.#follows = live;
  }

  /** Show where a row is; null takes the marker away. A row without a fix leaves it. */
  point(row: number | null): void {
    if (row === null) {
      this.#cursor.remove();
      return;
    }
    const point = pointAt(this.#route.streams, row);
    if (point) this.#cursor.setLatLng(point).addTo(this.#map);
  }

  /** Show a stretch of the way; null shows none. */
  highlight(stretch: Stretch | null): void {
    const [from, to] = stretch ? rowsBetween(this.#route.streams, stretch) : [0, -1];
    this.#stretch.setLatLngs(lines(this.#route.streams, from, to));
  }

  #drawStrands(): void {
    const { streams, shading } = this.#route;
    this.#strands.clearLayers();
    const add = (route: L.LatLngExpression[][], token: string): void => {
      const strand = L.polyline(route, { ...this.#stroke, weight: 4, color: css(token) });
      if (route.length > 0) this.#strands.addLayer(strand);
    };
    if (!shading) return add(lines(streams), "--route");
    const unknown = shading.bounds.length + 1;
    for (const [shade, route] of shadedLines(streams, streams[shading.column], shading.bounds).entries()) {
      add(route, shade === unknown ? "--soft" : `--shade-${shade}`);
    }
    this.#cursor.bringToFront();
  }

  #look(look: (stretch: { from_s: number; to_s: number }) => void): void {
    const bounds = this.#casing.getBounds();
    if (!bounds.isValid() || this.#map.getZoom() < this.#map.getBoundsZoom(bounds) + CLOSER) return;
    const view = this.#map.getBounds();
    const { time_s } = this.#route.streams;
    const rows = rowsWithin(this.#route.streams, point => view.contains(point));
    if (rows) look({ from_s: time_s[rows[0]] ?? 0, to_s: time_s[rows[1]] ?? 0 });
  }
}
