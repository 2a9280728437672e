// The drawing of static/icon.svg as PNG files, for home screens that take no SVG. It holds a rounded square and strokes
// with round ends, whose distance from a point is known exactly: so it is painted without a renderer.
import { readFile } from "node:fs/promises";
import { crc32, deflateSync } from "node:zlib";

const SIDE = 32; // of the drawing
const SAFE = 0.8; // of a maskable icon: what lies farther out may be cut away

/** Name → what to paint: pixels a side, and whether the ground fills the square. */
export const ICONS = {
  "icon-180.png": { pixels: 180, bleeds: true },
  "icon-192.png": { pixels: 192, bleeds: false },
  "icon-512.png": { pixels: 512, bleeds: false },
  "icon-maskable-512.png": { pixels: 512, bleeds: true },
};

const colour = text => [1, 3, 5].map(at => Number.parseInt(text.slice(at, at + 2), 16));

function drawingOf(svg) {
  const [, rx, ground] = svg.match(/<rect [^>]*rx="([\d.]+)" fill="(#\w{6})"/);
  const strokes = [...svg.matchAll(/<path d="([^"]+)" stroke="(#\w{6})" stroke-width="([\d.]+)"/g)].flatMap(
    ([, path, stroke, width]) =>
      [...path.matchAll(/M([\d.]+) ([\d.]+)l([\d.]+)(-?[\d.]+)/g)].map(([, ...numbers]) => {
        const [x, y, dx, dy] = numbers.map(Number);
        return { x, y, dx, dy, colour: colour(stroke), half: Number(width) / 2 };
      }),
  );
  return { rx: Number(rx), ground: colour(ground), strokes };
}

/** How far a point lies outside of a square with round corners, centred at 0. */
function outsideSquare(x, y, half, radius) {
  const [dx, dy] = [Math.abs(x) - half + radius, Math.abs(y) - half + radius];
  return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - radius;
}

function outsideStroke(x, y, stroke) {
  const { dx, dy } = stroke;
  const along = ((x - stroke.x) * dx + (y - stroke.y) * dy) / (dx * dx + dy * dy);
  const at = Math.min(Math.max(along, 0), 1);
  return Math.hypot(x - stroke.x - at * dx, y - stroke.y - at * dy) - stroke.half;
}

function painted(drawing, { pixels, bleeds }) {
  const unit = SIDE / pixels;
  const covered = distance => Math.min(Math.max(0.5 - distance / unit, 0), 1);
  const rows = Buffer.alloc(pixels * (1 + 4 * pixels)); // each row begins with its filter, 0
  for (let row = 0; row < pixels; row++) {
    for (let column = 0; column < pixels; column++) {
      const [x, y] = [(column + 0.5) * unit, (row + 0.5) * unit];
      const alpha = bleeds ? 1 : covered(outsideSquare(x - SIDE / 2, y - SIDE / 2, SIDE / 2, drawing.rx));
      let shown = drawing.ground;
      const scale = bleeds ? SAFE : 1;
      const [sx, sy] = [x, y].map(value => (value - SIDE / 2) / scale + SIDE / 2);
      for (const stroke of drawing.strokes) {
        const part = covered(outsideStroke(sx, sy, stroke) * scale);
        shown = shown.map((value, channel) => value + part * (stroke.colour[channel] - value));
      }
      rows.set([...shown.map(Math.round), Math.round(255 * alpha)], row * (1 + 4 * pixels) + 1 + 4 * column);
    }
  }
  return rows;
}

function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind, "latin1"), data]);
  const [size, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  size.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([size, body, sum]);
}

function png(pixels, rows) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(pixels, 0);
  head.writeUInt32BE(pixels, 4);
  head.set([8, 6, 0, 0, 0], 8); // 8 bits of red, green, blue and alpha
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const parts = [chunk("IHDR", head), chunk("IDAT", deflateSync(rows, { level: 9 }))];
  return Buffer.concat([signature, ...parts, chunk("IEND", Buffer.alloc(0))]);
}

/** Name → bytes of the PNG files of a drawing. */
export async function iconsOf(path) {
  const drawing = drawingOf(await readFile(path, "utf8"));
  return Object.entries(ICONS).map(([name, icon]) => [name, png(icon.pixels, painted(drawing, icon))]);
}
