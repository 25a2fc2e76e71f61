"""Makes pictures of screens small, a quarter of the bytes: ``python docs/smaller.py FOLDER``."""

import sys
from pathlib import Path

from PIL import Image

for path in Path(sys.argv[1]).glob("*.png"):
    few = Image.open(path).convert("RGB").quantize(128, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
