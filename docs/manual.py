"""Writes docs/LANGUAGE/manual.md from the texts of the help: ``python docs/manual.py``."""

import re
from pathlib import Path

from vang.help.chapters import LANGUAGES, chapters

DOCS = Path(__file__).parent
IMAGES = DOCS / "images" / "manual"
_TITLES = {"vi": "Sổ tay Vang", "en": "Vang's manual"}
_ABOUT = {
    "vi": "Sổ tay này cũng mở được từ mọi trang bằng nút Trợ giúp. Ảnh chụp do máy tự chụp.",
    "en": "The same texts open from every page with the help button. A browser takes the pictures.",
}


def manual(language: str) -> str:
    """All chapters in one file that can be read anywhere."""
    written = chapters(language)
    lines = [f"# {_TITLES[language]}", "", _ABOUT[language], ""]
    lines += [
        f"- {chapter.title}: "
        + ", ".join(f"[{section.title}](#{section.key})" for section in chapter.sections)
        for chapter in written
    ]
    return "\n".join([*lines, "", *(_deeper(chapter.source) for chapter in written)])


def _deeper(source: str) -> str:
    """A chapter under the title of the whole."""
    text = re.sub(r"^## (.+?) \{#([a-z-]+)\}$", r'### <a id="\2"></a>\1', source, flags=re.M)
    text = re.sub(r"^# ", "## ", text, flags=re.M)
    return re.sub(r"\]\(([a-z0-9-]+\.png)\)", r"](../images/manual/\1)", text)


if __name__ == "__main__":
    for language in LANGUAGES:
        folder = DOCS / language
        folder.mkdir(exist_ok=True)
        (folder / "manual.md").write_text(manual(language), encoding="utf-8")
