"""How well the recogniser does on the corpus: right, wrong and missed, field by field."""

import re
from collections import Counter
from collections.abc import Iterator

from tests.library.official.corpus import Made
from vang.library.official.fields import REPEATED, Name, Official
from vang.library.official.folding import flat

MARKS = {"MẬT": "Mật", "TỐI MẬT": "Tối mật", "LƯU HÀNH NỘI BỘ": "Lưu hành nội bộ",
         "HỎA TỐC": "Hỏa tốc", "KHẨN": "Khẩn", "THƯỢNG KHẨN": "Thượng khẩn"}  # fmt: skip


def expected(made: Made) -> dict[Name, list[str]]:
    """What a reader would name."""
    issuer = " ".join(line for line in made.left if line.strip("*"))
    kind = made.kind.capitalize() if made.kind else "Công văn"
    told = {
        "issuer": issuer, "superior": "", "number": made.number.strip(), "place": made.place,
        "issued_on": made.on, "kind": kind, "abstract": made.about,
        "authority": "; ".join(made.authority), "signer_post": made.post, "signer": made.signer,
        "secrecy": MARKS.get(made.secrecy, ""), "urgency": MARKS.get(made.urgency, ""),
    } | made.expected  # fmt: skip
    found = {Name(name): [value] if value else [] for name, value in told.items()}
    return found | {
        Name.ADDRESSEE: list(made.to),
        Name.BASIS: list(made.bases),
        Name.RECIPIENT: list(made.recipients),
        Name.APPENDIX: [" ".join(made.appendix[:2])] if made.appendix else [],
    }


def normal(name: Name, value: str) -> str:
    if name == Name.NUMBER:
        return value.replace(" ", "")
    if name == Name.ABSTRACT:
        value = re.sub(r"^(?:v/v|về việc|về)\s+", "", value.lower())
    return re.sub(r"[\W_]+", "", flat(value))


def compared(made: Made, found: Official) -> Iterator[tuple[Name, int, int, int]]:
    """Per field: right, wrong, missed. An unsure answer to a blank counts as no answer."""
    for name, values in expected(made).items():
        wanted = Counter(normal(name, value) for value in values)
        if name == Name.ISSUED_ON and not values:
            told = Counter(normal(name, f.value) for f in found.all(name) if f.sure)
        else:
            told = Counter(normal(name, field.value) for field in found.all(name))
        right = sum((wanted & told).values())
        yield name, right, sum(told.values()) - right, sum(wanted.values()) - right


__all__ = ["REPEATED", "compared", "expected", "normal"]
