#!/usr/bin/env python3
"""Makes the small pictures of the picture book's things from Microsoft's Fluent Emoji, MIT.

Reads the code points from things.tsv and the 256x256 WebP files of the npm package
@lobehub/fluent-emoji-3d, takes away what does not belong to the thing, cuts off the
empty border, scales with premultiplied Lanczos to the two sizes of the world, and writes PNG files with transparency beside things.tsv. The result is
committed; run again after things.tsv changed:

    npm pack @lobehub/fluent-emoji-3d@1.1.0 && tar xzf lobehub-fluent-emoji-3d-1.1.0.tgz
    pip install pillow==13.0.0
    python demo/book/make_sprites.py package/assets
"""

import colorsys
import pathlib
import sys

from PIL import Image

HERE = pathlib.Path(__file__).resolve().parent
WORLD = HERE.parent / "world/src/main/resources/io/github/lumina4j/demo/book"
SIDES = {"large": 52, "small": 29}  # of the square that a picture fills; ThingSize has them, too
VISIBLE = 20  # an alpha above this belongs to the thing
# What a picture shows beside the thing, by its hues in degrees, which may pass 360: the moon over
# the tent, the water under the boat. A tent stands by day, too, and a boat may be on the beach.
ERASED = {"tent": (340, 75), "boat": (190, 235)}


def things():
    for line in (WORLD / "things.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            fields = line.split("\t")
            yield fields[0], fields[3]


def without(picture, hues):
    """The picture with all pixels of these hues made transparent."""
    first, last = hues
    picture = picture.copy()
    pixels = picture.load()
    for y in range(picture.height):
        for x in range(picture.width):
            red, green, blue, _ = pixels[x, y]
            hue, saturation, _ = colorsys.rgb_to_hsv(red / 255, green / 255, blue / 255)
            inside = (hue * 360 - first) % 360 <= (last - first) % 360
            if inside and saturation > 0.3:
                pixels[x, y] = (red, green, blue, 0)
    return picture


def scaled(picture, side):
    scale = side / max(picture.size)
    size = tuple(max(1, round(length * scale)) for length in picture.size)
    # "RGBa" is premultiplied: the colour of empty pixels does not bleed into the border.
    return picture.convert("RGBa").resize(size, Image.Resampling.LANCZOS).convert("RGBA")


def main():
    assets = pathlib.Path(sys.argv[1])
    for size, side in SIDES.items():
        folder = WORLD / size
        folder.mkdir(exist_ok=True)
        for old in folder.glob("*.png"):
            old.unlink()
        for name, emoji in things():
            picture = Image.open(assets / f"{emoji}.webp").convert("RGBA")
            if name in ERASED:
                picture = without(picture, ERASED[name])
            box = picture.getchannel("A").point(lambda a: 255 if a > VISIBLE else 0).getbbox()
            file = folder / (name.replace(" ", "-") + ".png")
            scaled(picture.crop(box), side).save(file, optimize=True)


if __name__ == "__main__":
    main()
