// The world's coastline, for a route that is seen from far: Natural Earth 1:50m as world-atlas (TopoJSON) has it, to
// lines of [latitude, longitude] in hundredths of a degree, each point but the first told by its distance from the last.
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const EDGE = 179.9; // degrees: where the world is cut open, a line is no coast

/** Arcs of a topology as lines of [longitude, latitude] in degrees. */
export function arcsOf({ arcs, transform }) {
  const { scale, translate } = transform;
  return arcs.map(arc => {
    let [x, y] = [0, 0];
    return arc.map(([dx, dy]) => {
      x += dx;
      y += dy;
      return [x * scale[0] + translate[0], y * scale[1] + translate[1]];
    });
  });
}

/** Lines without the steps along the cut of the world and around the pole. */
export function coastOf(lines) {
  const cut = ([x, y]) => Math.abs(x) > EDGE || y < -89;
  const parts = [];
  for (const line of lines) {
    let part = [];
    line.forEach((point, index) => {
      if (index > 0 && cut(point) && cut(line[index - 1])) {
        parts.push(part);
        part = [];
      }
      part.push(point);
    });
    parts.push(part);
  }
  return parts.filter(part => part.length > 1);
}

function told(line) {
  let [before, left] = [0, 0];
  return line.flatMap(([x, y]) => {
    const [latitude, longitude] = [Math.round(y * 100), Math.round(x * 100)];
    const step = [latitude - before, longitude - left];
    [before, left] = [latitude, longitude];
    return step;
  });
}

/** Write the coastline into a folder under a hashed name, which is returned; null where world-atlas is not installed. */
export async function writeCoast(modules, folder) {
  const text = await readFile(join(modules, "world-atlas", "land-50m.json"), "utf8").catch(() => null);
  if (text === null) return null;
  const body = JSON.stringify(coastOf(arcsOf(JSON.parse(text))).map(told));
  const hash = createHash("sha256").update(body).digest("hex").slice(0, 8).toUpperCase();
  await writeFile(join(folder, `coast-${hash}.json`), body);
  return `coast-${hash}.json`;
}
