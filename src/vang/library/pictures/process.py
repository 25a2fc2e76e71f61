"""The process that opens one picture from outside; Pillow's faults end here.

``python -I -m vang.library.pictures.process PATH FOLDER CPU_S MEMORY`` writes the renditions into
the folder and one line of JSON to standard output: the facts, or a reason.
"""

import io
import json
import resource
import sys
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

MOST_PIXELS = 120_000_000
SIZES = {"SMALL": 480, "MEDIUM": 960, "LARGE": 1920}
"""Longest edge in pixels."""

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_GPS = 0x8825
_DRAFT_FACTOR = 2


def main(arguments: list[str]) -> int:
    path, folder, cpu_s, memory = arguments
    _bound(int(cpu_s), int(memory))
    try:
        _tell(render(Path(path), Path(folder)))
    except (Image.DecompressionBombError, MemoryError) as error:
        _tell({"code": "too-many-pixels", "detail": repr(error)[:300]})
    except UnidentifiedImageError as error:
        _tell({"code": "not-a-picture", "detail": repr(error)[:300]})
    except (OSError, SyntaxError, ValueError, TypeError, IndexError, KeyError) as error:
        _tell({"code": "damaged", "detail": repr(error)[:300]})
    return 0


def _bound(cpu_s: int, memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _tell(verdict: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(verdict) + "\n")


def render(path: Path, folder: Path) -> dict[str, object]:
    """Write every size as WebP and JPEG. Raises what Pillow raises."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # Pillow refuses above twice this
    with Image.open(path, formats=FORMATS) as source:
        width, height = source.size
        had_place = bool(_exif(source).get_ifd(_GPS))
        source.draft("RGB", (SIZES["LARGE"] * _DRAFT_FACTOR,) * 2)  # a JPEG is decoded smaller
        profile = source.info.get("icc_profile")
        upright = ImageOps.exif_transpose(source)
    if (upright.width > upright.height) != (width > height):
        width, height = height, width
    plain = _plain(upright, profile)
    made = [_written(plain, name, edge, folder) for name, edge in SIZES.items()]
    pictures = [row for rows in made for row in rows]
    return {"width": width, "height": height, "had_place": had_place, "pictures": pictures}


def _exif(source: Image.Image) -> Any:
    try:
        return source.getexif()
    except (SyntaxError, ValueError, OSError):
        return Image.Exif()


def _plain(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Ordinary colours on white ground: no palette, no transparency, no profile of its own."""
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        image = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(ground, image)
    if profile and image.mode in {"RGB", "CMYK", "L"}:
        image = _standard_colours(image, profile)
    return image.convert("RGB")


def _standard_colours(image: Image.Image, profile: bytes) -> Image.Image:
    """A picture with a broken profile keeps its numbers."""
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        turned = ImageCms.profileToProfile(
            image, own, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return turned or image


def _written(plain: Image.Image, name: str, edge: int, folder: Path) -> list[dict[str, object]]:
    picture = plain.copy()
    picture.thumbnail((edge, edge), Image.Resampling.LANCZOS)
    picture.info.clear()  # nothing of the camera goes along
    rows: list[dict[str, object]] = []
    for form, options in _OPTIONS.items():
        file = folder / f"{name}.{form}"
        picture.save(file, form, **options)
        row = {"size": name, "format": form, "width": picture.width, "height": picture.height}
        rows.append(row)
    return rows


_OPTIONS: dict[str, dict[str, Any]] = {
    "WEBP": {"quality": 80, "method": 4},
    "JPEG": {"quality": 82, "optimize": True, "progressive": True},
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
