"""Pictures as Pillow decodes and resizes them: the pixels inframe's are compared with, and a peer to measure against.

    python pillow_pixels.py pixels JOBS.json OUT.bin     pixels of each job, one after the other; sizes as JSON on stdout
    python pillow_pixels.py time FOLDER 224 5            milliseconds a picture on one thread, the best of 5 rounds
    python pillow_pixels.py make FOLDER SOURCE.jpg       large and odd pictures made of one photograph

A job: {"path", "resize": "none" | "exact" | "shorter" | "letterbox", "width", "height", "shorterSide", "kernel", "channels", "background"}.
`shorter` is torchvision's Resize and CenterCrop, with its roundings; `letterbox` that of Ultralytics.
"""

import io
import json
import struct
import sys
import time
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

KERNELS = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}
Image.MAX_IMAGE_PIXELS = None


def upper_byte(picture):
    """Pillow keeps the upper byte of 16-bit colours, but clips 16-bit greys at 255; here both are treated alike."""
    if picture.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(picture).astype(np.uint16) >> 8).astype(np.uint8))
    return picture


def pixels(job):
    with Image.open(job["path"]) as opened:
        picture = ImageOps.exif_transpose(upper_byte(opened))
        picture = picture.convert("L" if job.get("channels") == "grey" else "RGB")
    kernel = KERNELS[job.get("kernel", "bilinear")]
    kind = job["resize"]
    if kind == "exact":
        picture = picture.resize((job["width"], job["height"]), kernel)
    elif kind == "shorter":
        (w, h), side = picture.size, job["shorterSide"]
        picture = picture.resize((side, int(side * h / w)) if w <= h else (int(side * w / h), side), kernel)
        left = int(round((picture.width - job["width"]) / 2.0))
        top = int(round((picture.height - job["height"]) / 2.0))
        picture = picture.crop((left, top, left + job["width"], top + job["height"]))
    elif kind == "letterbox":
        (w, h), (width, height) = picture.size, (job["width"], job["height"])
        ratio = min(width / w, height / h)
        small = picture.resize((max(1, round(w * ratio)), max(1, round(h * ratio))), kernel)
        picture = Image.new(picture.mode, (width, height), tuple(job["background"]))
        left, top = (width - small.width) / 2, (height - small.height) / 2
        picture.paste(small, (int(round(left - 0.1)), int(round(top - 0.1))))
    return np.asarray(picture)


def write_pixels(jobs, out):
    sizes = []
    with open(out, "wb") as file:
        for job in json.loads(Path(jobs).read_text()):
            result = pixels(job)
            sizes.append([result.shape[1], result.shape[0], 1 if result.ndim == 2 else result.shape[2]])
            file.write(np.ascontiguousarray(result).tobytes())
    print(json.dumps(sizes))


def measure(folder, side, rounds):
    files = [path.read_bytes() for path in sorted(Path(folder).rglob("*")) if path.suffix in (".jpg", ".jpeg", ".png")]
    best = {"decode": float("inf"), "decodeAndResize": float("inf")}
    for _ in range(rounds):
        for name in best:
            start = time.perf_counter()
            for data in files:
                picture = Image.open(io.BytesIO(data)).convert("RGB")
                if name == "decodeAndResize":
                    picture = picture.resize((side, side), Image.Resampling.BILINEAR)
                picture.tobytes()
            best[name] = min(best[name], (time.perf_counter() - start) * 1000 / len(files))
    print(json.dumps({"pictures": len(files), **best}))


def png16(array):
    """A PNG of 16 bits a channel, which Pillow does not write."""
    height, width, _ = array.shape
    lines = b"".join(b"\0" + line.astype(">u2").tobytes() for line in array)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


def make(folder, source):
    folder = Path(folder)
    photo = Image.open(source).convert("RGB")
    # Large: enlarged, with grain, so that there is detail at every scale.
    rng = np.random.default_rng(7)
    for name, size in {"large": (4000, 3000), "tall": (1500, 4200), "wide": (5000, 700)}.items():
        enlarged = np.asarray(photo.resize(size, Image.Resampling.BICUBIC)).astype(np.int16)
        grain = rng.normal(0, 12, enlarged.shape).astype(np.int16)
        picture = Image.fromarray(np.clip(enlarged + grain, 0, 255).astype(np.uint8))
        picture.save(folder / f"{name}.jpg", quality=90)
        if name == "large":
            picture.save(folder / "large.webp", quality=90)
            picture.save(folder / "large.png", compress_level=1)
            picture.save(folder / "progressive.jpg", quality=85, progressive=True)
            picture.save(folder / "full-chroma.jpg", quality=95, subsampling=0)
    small = photo.resize((161, 121), Image.Resampling.BICUBIC)
    y, x = np.mgrid[0:121, 0:161]
    alpha = Image.fromarray(((x * 3 + y * 5) % 256).astype(np.uint8))
    see_through = small.copy()
    see_through.putalpha(alpha)
    grey_alpha = small.convert("LA")
    grey_alpha.putalpha(alpha)
    for kind in ("png", "tif"):
        see_through.save(folder / f"alpha.{kind}")
        grey_alpha.save(folder / f"grey-alpha.{kind}")
    see_through.save(folder / "alpha.webp", lossless=True, exact=True)
    for kind in ("jpg", "png", "tif"):
        small.convert("L").save(folder / f"grey.{kind}")
    for kind in ("png", "tif", "gif"):
        small.convert("P", palette=Image.Palette.ADAPTIVE).save(folder / f"palette.{kind}")
        small.convert("1").save(folder / f"bits.{kind}")
    small.convert("P").save(folder / "palette-transparent.png", transparency=5)
    small.save(folder / "animation.gif", save_all=True, append_images=[small.rotate(90), small.rotate(180)])
    small.save(folder / "pages.tif", save_all=True, append_images=[small.rotate(90)])
    for compression in ("tiff_lzw", "tiff_adobe_deflate", "jpeg", "packbits"):
        small.save(folder / f"{compression}.tif", compression=compression)
    small.convert("CMYK").save(folder / "cmyk.jpg", quality=95)
    small.convert("CMYK").save(folder / "cmyk.tif")
    wide = np.asarray(small).astype(np.uint16) * 256 + ((x * 7 + y) % 256).astype(np.uint16)[..., None]
    (folder / "deep.png").write_bytes(png16(wide))
    grey16 = Image.fromarray(np.ascontiguousarray(wide[..., 1]))
    grey16.save(folder / "deep-grey.png")
    grey16.save(folder / "deep-grey.tif")
    small.save(folder / "lossy.webp")
    small.save(folder / "chroma.avif")
    small.save(folder / "full.avif", subsampling="4:4:4")
    see_through.save(folder / "alpha.avif", subsampling="4:4:4")
    # A profile that would turn the colours if it were applied: Lab's a and b for red and green.
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    for kind in ("jpg", "png", "webp", "tif"):
        small.save(folder / f"profile.{kind}", icc_profile=profile)
    for turn in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = turn
        for kind in ("jpg", "png", "webp", "tif", "avif"):
            small.save(folder / f"turn-{turn}.{kind}", exif=exif, subsampling="4:4:4")


if __name__ == "__main__":
    if sys.argv[1] == "pixels":
        write_pixels(sys.argv[2], sys.argv[3])
    elif sys.argv[1] == "time":
        measure(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    else:
        make(sys.argv[2], sys.argv[3])
