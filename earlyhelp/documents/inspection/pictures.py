"""A picture is decoded under a limit and drawn anew: what was hidden in the file, where and when it was taken, is left behind."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageOps

from earlyhelp.documents.inspection.findings import Harmful

MOST_PIXELS = 40_000_000  # a telephone's picture has twelve to fifty million; more is scaled by the telephone itself
QUALITY = 88
FORMATS = {"jpeg": "JPEG", "png": "PNG"}
UNREADABLE = "The picture cannot be read. Take it again, or save it as a JPEG, and add it again."
TOO_MANY = f"The picture has more than {MOST_PIXELS // 1_000_000} million points. Save it smaller and add it again."


def draw_anew(path: Path, format: str, to: Path) -> None:
    """Write the same picture to ``to``: only its points, turned the way it was held. Raises ``Harmful``."""
    try:
        with Image.open(path, formats=[FORMATS[format]]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Harmful(TOO_MANY)
            _only_points(picture, format).save(to, FORMATS[format], quality=QUALITY)
    except Harmful:
        raise
    except Image.DecompressionBombError as bomb:
        raise Harmful(TOO_MANY) from bomb
    except Exception as fault:  # whatever a decoder makes of a broken file
        raise Harmful(UNREADABLE) from fault


def _only_points(picture: Image.Image, format: str) -> Image.Image:
    picture.load()
    turned = ImageOps.exif_transpose(picture)
    mode = "RGBA" if format == "png" and turned.has_transparency_data else "L" if turned.mode == "L" else "RGB"
    points = turned.convert(mode)
    clean = Image.new(mode, points.size)
    clean.paste(points)
    return clean
