// Makes pictures small: a PNG of at most 256 colours in place of one of sixteen million.

import { deflateSync, inflateSync } from "node:zlib";

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
const COLOURS = 256;

/** The chunks of a PNG: their types and contents. */
function* chunks(png) {
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    yield [png.toString("latin1", at + 4, at + 8), png.subarray(at + 8, at + 8 + length)];
    at += length + 12;
  }
}

/** The checksum of a chunk (PNG, annex D): node:zlib has it only since 20.15. */
function crc32(bytes) {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** What a byte is added to, by the filter of its line (PNG, 9.2). */
function predicted(filter, left, above, corner) {
  if (filter === 1) return left;
  if (filter === 2) return above;
  if (filter === 3) return (left + above) >> 1;
  if (filter !== 4) return 0;
  const [a, b, c] = [Math.abs(above - corner), Math.abs(left - corner), Math.abs(left + above - 2 * corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? above : corner;
}

/** The pixels of a PNG with eight bits of red, green, blue (and transparency), as browsers write them. */
function decode(png) {
  const parts = [...chunks(png)];
  const header = parts.find(([type]) => type === "IHDR")[1];
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const bytes = { 2: 3, 6: 4 }[header[9]];
  if (header[8] !== 8 || !bytes || header[12] !== 0) throw new Error("a PNG of another kind");
  const lines = inflateSync(Buffer.concat(parts.filter(([type]) => type === "IDAT").map(([, data]) => data)));
  const row = width * bytes;
  const pixels = Buffer.alloc(row * height);
  for (let y = 0; y < height; y += 1) {
    const filter = lines[y * (row + 1)];
    for (let x = 0; x < row; x += 1) {
      const at = y * row + x;
      const left = x < bytes ? 0 : pixels[at - bytes];
      const above = y === 0 ? 0 : pixels[at - row];
      const corner = x < bytes || y === 0 ? 0 : pixels[at - row - bytes];
      pixels[at] = lines[y * (row + 1) + 1 + x] + predicted(filter, left, above, corner);
    }
  }
  return { width, height, bytes, pixels };
}

/** The same picture in fewer colours: those that it has most of, and those that are unlike them. */
export function small(png) {
  const { width, height, bytes, pixels } = decode(png);
  const colour = (at) => (pixels[at] << 16) | (pixels[at + 1] << 8) | pixels[at + 2];
  const counted = new Map();
  for (let at = 0; at < pixels.length; at += bytes) counted.set(colour(at), (counted.get(colour(at)) ?? 0) + 1);
  const far = (a, b) => [16, 8, 0].reduce((sum, bits) => sum + (((a >> bits) & 255) - ((b >> bits) & 255)) ** 2, 0);
  const often = [...counted].sort((a, b) => b[1] - a[1]).map(([one]) => one);
  const palette = often.slice(0, COLOURS / 2);
  // Of the rest those that are farthest from all that are there: a small green dot stays green.
  const rest = often.slice(COLOURS / 2).map((one) => [one, Math.min(...palette.map((of) => far(one, of)))]);
  while (palette.length < COLOURS && rest.length > 0) {
    const farthest = rest.reduce((most, of) => (of[1] > most[1] ? of : most));
    palette.push(farthest[0]);
    for (const of of rest) of[1] = Math.min(of[1], far(of[0], farthest[0]));
  }
  const places = new Map(palette.map((one, place) => [one, place]));
  for (const one of counted.keys()) {
    if (places.has(one)) continue;
    let nearest = 0;
    for (let place = 1; place < palette.length; place += 1) {
      if (far(one, palette[place]) < far(one, palette[nearest])) nearest = place;
    }
    places.set(one, nearest);
  }
  const lines = Buffer.alloc((width + 1) * height);
  for (let at = 0, y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, at += bytes) lines[y * (width + 1) + 1 + x] = places.get(colour(at));
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const colours = Buffer.from(palette.flatMap((one) => [(one >> 16) & 255, (one >> 8) & 255, one & 255]));
  const data = deflateSync(lines, { level: 9 });
  const parts = [chunk("IHDR", header), chunk("PLTE", colours), chunk("IDAT", data), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([SIGNATURE, ...parts]);
}
