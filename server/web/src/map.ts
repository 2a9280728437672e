// The route on its grid: line, start and finish, marks along the way, and a marker that follows the charts.

import L from "leaflet";
import { addGrid } from "./grid.ts";
import { distanceMarks, lines, markStep, nearestFix, type Point, pointAt } from "./route.ts";
import type { Streams } from "./streams.ts";

const EDGE = { padding: [28, 28] as L.PointTuple, maxZoom: 18 };

function css(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function pin(point: Point, kind: string, text = ""): L.Marker {
  const size = kind === "start" || kind === "here" ? 18 : 22;
  const icon = L.divIcon({ className: `pin pin-${kind}`, html: text, iconSize: [size, size] });
  const zIndexOffset = kind === "distance" ? 0 : 1000;
  return L.marker(point, { icon, zIndexOffset, interactive: false, keyboard: false });
}

/** Leaflet rounds points to whole pixels, which makes steps of a dense track; this map does not. */
class FineMap extends L.Map {
  override latLngToLayerPoint(latlng: L.LatLngExpression): L.Point {
    return this.project(L.latLng(latlng)).subtract(this.getPixelOrigin());
  }
}

export class RouteMap {
  readonly #map: L.Map;
  readonly #casing: L.Polyline;
  readonly #line: L.Polyline;
  readonly #cursor: L.CircleMarker;
  readonly #pins = L.layerGroup();
  #follows = true;

  /** `element` has a size and holds the picture made by the server, which the map replaces. `streams` has a fix. */
  constructor(element: HTMLElement, streams: Streams, live: boolean) {
    element.replaceChildren();
    const touch = matchMedia("(pointer: coarse)").matches;
    this.#map = new FineMap(element, {
      attributionControl: false,
      zoomSnap: 0.25,
      zoomDelta: 1,
      scrollWheelZoom: false,
      dragging: !touch,
      preferCanvas: true,
    });
    const first = nearestFix(streams, 0, 1) ?? [0, 0];
    const renderer = L.canvas({ padding: 0.6 });
    const stroke = { renderer, interactive: false, smoothFactor: 0.3 };
    this.#casing = L.polyline([], { ...stroke, weight: 8, opacity: 0.9 });
    this.#line = L.polyline([], { ...stroke, weight: 4 });
    this.#cursor = L.circleMarker(first, {
      renderer,
      radius: 8,
      weight: 3,
      fillOpacity: 1,
      interactive: false,
    });
    this.#map.setView(first, 16);
    addGrid(this.#map, first[0], () => css("--grid"));
    this.#casing.addTo(this.#map);
    this.#line.addTo(this.#map);
    this.#pins.addTo(this.#map);
    this.paint();
    this.draw(streams, live);
    this.#map.on("focus", () => this.#map.scrollWheelZoom.enable());
    this.#map.on("blur", () => this.#map.scrollWheelZoom.disable());
    this.#map.on("dragstart", () => {
      this.#follows = false;
    });
  }

  /** Colours anew, from the tokens of the current scheme. */
  paint(): void {
    this.#casing.setStyle({ color: css("--card") });
    this.#line.setStyle({ color: css("--route") });
    this.#cursor.setStyle({ color: css("--card"), fillColor: css("--ink") });
    this.#map.fire("moveend");
  }

  /** The whole route anew; the view follows unless the reader moved it. */
  draw(streams: Streams, live: boolean): void {
    const route = lines(streams);
    this.#casing.setLatLngs(route);
    this.#line.setLatLngs(route);
    this.#mark(streams, live);
    const bounds = this.#line.getBounds();
    if (!bounds.isValid() || !this.#follows) return;
    const seen = this.#map.getBounds().pad(-0.05).contains(bounds);
    const small = this.#map.getBoundsZoom(bounds) > this.#map.getZoom() + 1.5;
    if (!seen || small) this.#map.fitBounds(bounds, { ...EDGE, animate: live });
  }

  /** Show where a row is; null takes the marker away. A row without a fix leaves it. */
  point(streams: Streams, row: number | null): void {
    if (row === null) {
      this.#cursor.remove();
      return;
    }
    const point = pointAt(streams, row);
    if (point) this.#cursor.setLatLng(point).addTo(this.#map);
  }

  #mark(streams: Streams, live: boolean): void {
    this.#pins.clearLayers();
    const length = streams.distance_m.findLast(metres => metres !== null) ?? 0;
    for (const mark of distanceMarks(streams, markStep(length))) {
      this.#pins.addLayer(pin(mark.point, "distance", String(mark.kilometres)));
    }
    const start = nearestFix(streams, 0, 1);
    const end = nearestFix(streams, streams.time_s.length - 1, -1);
    if (end) this.#pins.addLayer(pin(end, live ? "here" : "finish"));
    if (start) this.#pins.addLayer(pin(start, "start"));
  }
}
