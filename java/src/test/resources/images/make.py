"""Makes the pictures of this folder and expected.json, with Pillow 12.3.0 and numpy.

    python3 make.py      # writes beside itself

expected.json: file -> width, height and the SHA-256 of the RGB bytes that Pillow's decoder and the
reference's whitening give ("whiten" below). ../golden/transparent_crops.json: what the reference
makes of transparent ones; Pillow 10.4, 11.3 and 12.0 to 12.3 agree on all.
"""

import hashlib
import json
import os
import struct

import numpy as np
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

HERE = os.path.dirname(os.path.abspath(__file__))
W, H = 21, 17
expected = {}


def path(name):
    return os.path.join(HERE, name)


def whiten(im):
    """Transparency on white as the reference does it: float64, truncated."""
    if im.mode == "RGB":
        return im
    values = np.array(im.convert("RGBA"))
    if not (values[:, :, 3] < 255).any():
        return im.convert("RGB")
    alpha = values[:, :, 3:] / 255.0
    return Image.fromarray(((1 - alpha) * 255 + alpha * values[:, :, :3]).astype("uint8"), "RGB")


def expect(name, im):
    expected[name] = {
        "width": im.width,
        "height": im.height,
        "sha256": hashlib.sha256(im.tobytes()).hexdigest(),
    }


def made(name):
    expect(name, whiten(ImageOps.exif_transpose(Image.open(path(name)))))


def save(name, im, **options):
    im.save(path(name), **options)
    made(name)


def patched(name, source, change):
    data = bytearray(open(path(source), "rb").read())
    change(data)
    open(path(name), "wb").write(data)


y, x = np.mgrid[0:H, 0:W]
planes = np.stack([x * 255 // (W - 1), y * 255 // (H - 1), (x + y) * 7 % 256, (x * 13 + y * 5) % 256], -1)
rgba = Image.fromarray(planes.astype("uint8"))
rgb = rgba.convert("RGB")
grey = rgb.getchannel(2)
palette = rgb.quantize(11)
bits = grey.convert("1")
cmyk = rgb.convert("CMYK")
profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
turned = rgb.getexif()
turned[0x112] = 6

save("rgb.jpg", rgb, quality=90)
save("progressive.jpg", rgb, quality=80, progressive=True, subsampling=1)
save("full.jpg", rgb, quality=95, subsampling=0, icc_profile=profile)
save("grey.jpg", grey)
save("plain_rgb.jpg", rgb, keep_rgb=True)
save("cmyk.jpg", cmyk)


def to_ycck(data):
    data[data.index(b"Adobe") + 11] = 2


patched("ycck.jpg", "cmyk.jpg", to_ycck)
made("ycck.jpg")

save("lossless.webp", rgb, lossless=True)
save("profile.webp", rgb, lossless=True, icc_profile=profile)
save("alpha.webp", rgba, lossless=True, exact=True)
save("turned.webp", rgb, lossless=True, exif=turned)
save("lossy.webp", rgb, quality=90)
save("lossy_alpha.webp", rgba, quality=90)
stripes = Image.fromarray(np.where((x // 3 + y // 5)[..., None] % 2, [230, 20, 40], [10, 60, 250]).astype("uint8"))
save("lossy_stripes.webp", stripes, quality=50)  # sharp edges of colour
save("lossy_animated.webp", stripes, save_all=True, append_images=[rgb], quality=70)
save("lossy_animated_alpha.webp", rgba, save_all=True, append_images=[rgb.convert("RGBA")], quality=70)

save("palette.gif", palette)
save("transparent.gif", palette, transparency=3)
save("animated.gif", palette, save_all=True, append_images=[palette.rotate(180)])


def to_offset(data):
    data[6:10] = struct.pack("<HH", W + 9, H + 6)
    at = data.index(b"\x2c" + struct.pack("<HHHH", 0, 0, W, H))
    data[at + 1 : at + 5] = struct.pack("<HH", 4, 5)


patched("offset.gif", "palette.gif", to_offset)
sheet = Image.new("RGB", (W + 9, H + 6), "white")
sheet.paste(Image.open(path("palette.gif")).convert("RGB"), (4, 5))
expect("offset.gif", sheet)

save("rgb.bmp", rgb)
save("grey.bmp", grey)
save("palette.bmp", palette)
save("bits.bmp", bits)

save("rgba.png", rgba)
save("grey_alpha.png", Image.merge("LA", [grey, rgba.getchannel(3)]))
save("palette.png", palette)
save("palette_transparent.png", palette, transparency=3)
save("grey_key.png", grey, transparency=int(planes[2, 3, 2]))
save("rgb_key.png", rgb, transparency=rgb.getpixel((0, 0)))
save("bits.png", bits)
save("turned.png", rgb, exif=turned)

text = PngImagePlugin.PngInfo()
text.add_text("plain", "a\u00e9")
text.add_text("packed", "p" * 500, zip=True)
text.add_itxt("international", "\u4e00\u53ea\u732b")
text.add_itxt("packed international", "cat \U0001f431!" * 50, zip=True)
rgb.save(path("text.png"), pnginfo=text)

save("rgb_lzw.tiff", rgb, compression="tiff_lzw")
save("rgba_deflate.tiff", rgba, compression="tiff_adobe_deflate")
save("grey_packbits.tiff", grey, compression="packbits")
save("palette_lzw.tiff", palette, compression="tiff_lzw")
save("fax.tiff", bits, compression="group4")
save("cmyk.tiff", cmyk)
save("turned.tiff", rgb, exif=turned)


def to_white_is_zero(data):
    data[data.index(struct.pack("<HHI", 262, 3, 1)) + 8] = 0


save("grey.tiff", grey)
patched("white_is_zero.tiff", "grey.tiff", to_white_is_zero)
made("white_is_zero.tiff")



def display_p3():
    """An ICC profile with Display P3's primaries and the curve of sRGB."""

    def fixed(*values):
        return struct.pack(">%di" % len(values), *(round(v * 65536) for v in values))

    def xyz(*values):
        return b"XYZ \0\0\0\0" + fixed(*values)

    def words(text):
        return b"mluc" + struct.pack(">IIIHHII", 0, 1, 12, 0x656E, 0x5553, 2 * len(text), 28) + text.encode("utf-16-be")

    curve = b"para" + struct.pack(">IHH", 0, 3, 0) + fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
    tags = {
        b"desc": words("Display P3"),
        b"cprt": words("CC0 "),
        b"wtpt": xyz(0.9642, 1, 0.8249),
        b"rXYZ": xyz(0.51512, 0.2412, -0.00105),
        b"gXYZ": xyz(0.29198, 0.69225, 0.04189),
        b"bXYZ": xyz(0.1571, 0.06657, 0.78407),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    table, data, start = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for tag, value in tags.items():
        table += tag + struct.pack(">II", start + len(data), len(value))
        data += value + b"\0" * (-len(value) % 4)
    header = struct.pack(">I4sI4s4s4s12x4s4s28x", start + len(data), b"\0" * 4, 0x04000000, b"mntr", b"RGB ", b"XYZ ", b"acsp", b"\0" * 4)
    return header[:68] + fixed(0.9642, 1, 0.8249) + b"\0" * 48 + table + data


# (120, 200, 80) in Display P3 is (89, 203, 56) in sRGB.
p3 = Image.new("RGB", (W, H), (120, 200, 80))
p3_rgba = Image.new("RGBA", (W, H), (120, 200, 80, 128))
save("p3.png", p3, icc_profile=display_p3())
save("p3_alpha.png", p3_rgba, icc_profile=display_p3())
save("p3.jpg", p3, icc_profile=display_p3(), quality=95, subsampling=0)
save("p3.webp", p3, icc_profile=display_p3(), lossless=True)
save("p3.tiff", p3, icc_profile=display_p3(), compression="tiff_lzw")


def crop(im, width, height):
    """The reference's centre crop; scaled with transparency, put on white after that."""
    while im.width >= 2 * width and im.height >= 2 * height:
        im = im.resize((im.width // 2, im.height // 2), resample=Image.BOX)
    scale = max(width / im.width, height / im.height)
    im = im.resize((round(im.width * scale), round(im.height * scale)), resample=Image.BICUBIC)
    left, top = (im.width - width) // 2, (im.height - height) // 2
    return whiten(im.crop((left, top, left + width, top + height)))


crops = []
for name in [
    "rgba.png", "grey_alpha.png", "palette_transparent.png", "grey_key.png", "alpha.webp",
    "lossy_alpha.webp", "lossy_animated_alpha.webp", "transparent.gif", "rgba_deflate.tiff",
]:
    im = Image.open(path(name))
    im = im if im.mode == "LA" else im.convert("RGBA")
    for width, height in [(8, 8), (64, 32), (15, 17), (40, 60), (21, 17), (12, 17), (4, 3)]:
        row = {"file": name, "crop": [width, height]}
        row["sha256"] = hashlib.sha256(crop(im, width, height).tobytes()).hexdigest()
        crops.append(row)

golden = os.path.join(HERE, "..", "golden", "transparent_crops.json")
with open(golden, "w") as out:
    out.write("[\n" + ",\n".join(" " + json.dumps(row) for row in crops) + "\n]\n")

with open(path("expected.json"), "w") as out:
    json.dump(expected, out, indent=1, sort_keys=True)
    out.write("\n")
