"""Two pictures of one screen, compared as somebody with half-closed eyes would."""

from pathlib import Path

from PIL import Image, ImageChops

BLOCK_PX = 8
"""Letters a shade thicker on another machine vanish in such blocks; a word that moved does not."""
_HALF = 2
_TONES = 26  # of 256: so far a block may be off in its worst colour
_COLOURS = 128


def keep(shot: Path, baseline: Path) -> None:
    """Half as wide and in few colours: small enough for the repository."""
    with Image.open(shot) as picture:
        half = _in_whole_blocks(picture).reduce(_HALF)
    baseline.parent.mkdir(exist_ok=True)
    half.quantize(_COLOURS, dither=Image.Dither.NONE).save(baseline, optimize=True)


def difference(shot: Path, baseline: Path) -> float:
    """The share of blocks that differ, from 0 to 1; 1 when the sizes do."""
    with Image.open(shot) as new, Image.open(baseline) as old:
        now = _in_whole_blocks(new).reduce(BLOCK_PX)
        before = old.convert("RGB").reduce(BLOCK_PX // _HALF)
    if now.size != before.size:
        return 1.0
    red, green, blue = ImageChops.difference(now, before).split()
    worst = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return sum(worst.histogram()[_TONES:]) / (now.width * now.height)


def _in_whole_blocks(picture: Image.Image) -> Image.Image:
    """Without the few pixels at the right and the foot that fill no block."""
    width, height = (side // BLOCK_PX * BLOCK_PX for side in picture.size)
    return picture.convert("RGB").crop((0, 0, width, height))
