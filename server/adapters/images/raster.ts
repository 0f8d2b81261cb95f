/** Pixels, three bytes each: red, green, blue. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** The same picture with a longest edge of at most so many pixels: each new pixel is the mean of what it covers. */
export function shrunk(raster: Raster, longestEdge: number): Raster {
  const scale = longestEdge / Math.max(raster.width, raster.height);
  if (scale >= 1) return raster;
  const width = Math.max(1, Math.round(raster.width * scale));
  const height = Math.max(1, Math.round(raster.height * scale));
  const across = sharesOf(raster.width, width);
  const down = sharesOf(raster.height, height);
  const sums = new Float32Array(width * height * 3);
  const line = new Float32Array(width * 3);
  for (let y = 0; y < raster.height; y++) {
    sumLine(raster, y, across, line);
    for (const { to, share } of down[y] ?? []) {
      const start = to * width * 3;
      for (let index = 0; index < line.length; index++) {
        sums[start + index] = (sums[start + index] ?? 0) + (line[index] ?? 0) * share;
      }
    }
  }
  return { width, height, data: Uint8Array.from(sums, Math.round) };
}

/** The same picture turned as its Exif orientation says. */
export function turned(raster: Raster, orientation: number): Raster {
  const { swaps, right, bottom } = turns[orientation] ?? turns[1];
  if (!swaps && !right && !bottom) return raster;
  const width = swaps ? raster.height : raster.width;
  const height = swaps ? raster.width : raster.height;
  const data = new Uint8Array(raster.data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [fromX, fromY] = swaps ? [y, x] : [x, y];
      const column = right ? raster.width - 1 - fromX : fromX;
      const row = bottom ? raster.height - 1 - fromY : fromY;
      const from = (row * raster.width + column) * 3;
      data.set(raster.data.subarray(from, from + 3), (y * width + x) * 3);
    }
  }
  return { width, height, data };
}

interface Turn {
  /** Whether what is across in the file is down in the picture. */
  readonly swaps: boolean;
  /** Whether the file begins at the picture's other end across, and down, seen in the file's own directions. */
  readonly right: boolean;
  readonly bottom: boolean;
}

const turns: Readonly<Record<number, Turn>> & { readonly 1: Turn } = {
  1: { swaps: false, right: false, bottom: false },
  2: { swaps: false, right: true, bottom: false },
  3: { swaps: false, right: true, bottom: true },
  4: { swaps: false, right: false, bottom: true },
  5: { swaps: true, right: false, bottom: false },
  6: { swaps: true, right: false, bottom: true },
  7: { swaps: true, right: true, bottom: true },
  8: { swaps: true, right: true, bottom: false },
};

/** For each old place, the one or two new places that it goes into, and with what share of theirs. */
interface Share {
  readonly to: number;
  readonly share: number;
}

function sharesOf(before: number, after: number): readonly (readonly Share[])[] {
  const size = after / before;
  return Array.from({ length: before }, (_none, index) => {
    const [start, end] = [index * size, (index + 1) * size];
    const first = Math.min(after - 1, Math.floor(start + 1e-9));
    const last = Math.min(after - 1, Math.floor(end - 1e-9));
    if (first >= last) return [{ to: first, share: end - start }];
    return [
      { to: first, share: last - start },
      { to: last, share: end - last },
    ];
  });
}

function sumLine(
  { width, data }: Raster,
  y: number,
  across: readonly (readonly Share[])[],
  line: Float32Array,
): void {
  line.fill(0);
  for (let x = 0; x < width; x++) {
    const from = (y * width + x) * 3;
    for (const { to, share } of across[x] ?? []) {
      for (let colour = 0; colour < 3; colour++) {
        const index = to * 3 + colour;
        line[index] = (line[index] ?? 0) + (data[from + colour] ?? 0) * share;
      }
    }
  }
}
