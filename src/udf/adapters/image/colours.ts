/*
 * From one order and number of channels to another, as Pillow's `convert` does it, to the bit.
 */

/** RGB of the first channels of each pixel: of grey and alpha the grey three times, of RGB and more the first three. */
export function toRgb(data: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return data;
  const count = Math.floor(data.length / channels);
  const rgb = new Uint8Array(count * 3);
  const [green, blue] = channels < 3 ? [0, 0] : [1, 2];
  for (let pixel = 0, from = 0, to = 0; pixel < count; pixel++, from += channels, to += 3) {
    rgb[to] = data[from]!;
    rgb[to + 1] = data[from + green]!;
    rgb[to + 2] = data[from + blue]!;
  }
  return rgb;
}

/** ITU-R 601-2 luma in fractions of 2^16. */
export function luma(red: number, green: number, blue: number): number {
  return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
}

export function rgbToGrey(rgb: Uint8Array): Uint8Array {
  const grey = new Uint8Array(rgb.length / 3);
  for (let to = 0, from = 0; to < grey.length; to++, from += 3)
    grey[to] = luma(rgb[from]!, rgb[from + 1]!, rgb[from + 2]!);
  return grey;
}

/** Inks without regard to any profile: `(255 - ink) * (255 - key) / 255`. */
export function cmykToRgb(cmyk: Uint8Array): Uint8Array {
  const rgb = new Uint8ClampedArray((cmyk.length / 4) * 3);
  for (let from = 0, to = 0; from < cmyk.length; from += 4, to += 3) {
    const light = 255 - cmyk[from + 3]!;
    rgb[to] = light - scaled(cmyk[from]!, light);
    rgb[to + 1] = light - scaled(cmyk[from + 1]!, light);
    rgb[to + 2] = light - scaled(cmyk[from + 2]!, light);
  }
  return new Uint8Array(rgb.buffer);
}

/** a * b / 255, rounded. */
function scaled(a: number, b: number): number {
  const product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}
