"""Official documents are recognised whole, however they were typed or extracted."""

from collections import defaultdict
from pathlib import Path

import pytest

from tests.library.formats.making import read
from tests.library.official.corpus import MADE, Made
from tests.library.official.printing import FILES, TEXTS, small_letters, tcvn3
from tests.library.official.scoring import compared
from vang.library.formats.lines import Line
from vang.library.official.fields import Doubt, Field, Name, Official
from vang.library.official.recognition import recognise

SAMPLES = Path(__file__).resolve().parents[3] / "samples"
FORMS = {name: lambda made, form=form: form(made).encode() for name, form in TEXTS.items()}
FORMS |= {"tcvn3": lambda made: tcvn3(small_letters(made)), **FILES}


def recognised(text: str) -> Official:
    return recognise([Line(line) for line in text.split("\n")])


def told(found: Official, name: Name) -> list[str]:
    return [field.value for field in found.all(name)]


def only(found: Official, name: Name) -> Field:
    field = found.one(name)
    assert field is not None, name
    return field


@pytest.mark.parametrize("form", FORMS)
def test_the_corpus_is_recognised_in_every_form(form: str) -> None:
    """At least 98 of 100 answers are right and 98 of 100 parts are found."""
    right = wrong = missed = 0
    for made in _some(form):
        for _name, *counts in compared(made, recognise(read(FORMS[form](made)))):
            right, wrong, missed = (a + b for a, b in zip((right, wrong, missed), counts))  # noqa: B905
    assert right / (right + wrong) > 0.98
    assert right / (right + missed) > 0.98


def _some(form: str) -> tuple[Made, ...]:
    """Files take longer to make: every third document is enough here; the bench takes all."""
    return MADE[::3] if form in FILES else MADE


def test_each_field_is_found_nearly_always() -> None:
    counts: dict[Name, list[int]] = defaultdict(lambda: [0, 0, 0])
    for form in ("columns", "run_together", "web_page"):
        for made in MADE:
            for name, *numbers in compared(made, recognise(read(FORMS[form](made)))):
                counts[name] = [a + b for a, b in zip(counts[name], numbers, strict=True)]
    poor = {
        name: numbers
        for name, numbers in counts.items()
        if numbers[0] < 0.95 * (numbers[0] + max(numbers[1:]))
    }
    assert poor == {}


def test_the_founding_plan() -> None:
    found = recognised((SAMPLES / "ke-hoach-90.txt").read_text())
    assert found.value(Name.ISSUER) == "Ủy ban nhân dân huyện Quế Sơn"
    assert found.value(Name.NUMBER) == "90/KH-UBND"
    assert (found.value(Name.PLACE), found.value(Name.ISSUED_ON)) == ("Quế Sơn", "2017-10-05")
    assert found.value(Name.ABSTRACT) == (
        "Đẩy mạnh công tác thông tin cơ sở trong tình hình mới trên địa bàn huyện Quế Sơn "
        "giai đoạn 2017 – 2020"
    )
    assert [basis.split(" ngày")[0] for basis in told(found, Name.BASIS)] == [
        "Kế hoạch số 98-KH/TU",
        "Chỉ thị số 07-CT/TW",
        "Kế hoạch số 4317/KH-UBND",
    ]
    assert found.value(Name.AUTHORITY) == "TM. ỦY BAN NHÂN DÂN; KT. CHỦ TỊCH"
    assert found.value(Name.SIGNER) == "Nguyễn Văn Thắng"
    assert told(found, Name.RECIPIENT)[-1] == "Lưu: VT, VX"
    parts = [section.mark for section in found.sections if section.depth == 0]
    assert parts == ["I.", "II.", "III.", "IV.", "V.", "VI."]


HEAD = (
    "ỦY BAN NHÂN DÂN\nXÃ QUẾ THUẬN\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
    "Độc lập - Tự do - Hạnh phúc\n"
)
TAIL = "\nNội dung của văn bản.\nCHỦ TỊCH\nTrần Thị Thu\nNơi nhận:\n- Lưu: VT."


@pytest.mark.parametrize(
    ("lines", "name", "doubt"),
    [
        ("Số:     /TB-UBND\nQuế Thuận, ngày 01 tháng 6 năm 2026\nTHÔNG BÁO\nVề việc họp dân",
         Name.NUMBER, Doubt.BLANK),
        ("Số: 5/TB-UBND\nQuế Thuận, ngày     tháng 6 năm 2026\nTHÔNG BÁO\nVề việc họp dân",
         Name.ISSUED_ON, Doubt.BLANK),
        ("Số: 5/KH-UBND\nQuế Thuận, ngày 01 tháng 6 năm 2026\nTHÔNG BÁO\nVề việc họp dân",
         Name.KIND, Doubt.CONTRADICTS),
        ("Số: 5/TB-HĐND\nQuế Thuận, ngày 01 tháng 6 năm 2026\nTHÔNG BÁO\nVề việc họp dân",
         Name.ISSUER, Doubt.CONTRADICTS),
        ("5/TB-UBND\nQuế Thuận, ngày 01 tháng 6 năm 2026\nTHÔNG BÁO\nVề việc họp dân",
         Name.NUMBER, Doubt.GUESSED),
    ],
)  # fmt: skip
def test_what_is_unsure_is_marked_with_its_reason(lines: str, name: Name, doubt: Doubt) -> None:
    field = only(recognised(HEAD + lines + TAIL), name)
    assert field.doubt == doubt
    assert not field.sure


def test_a_field_keeps_the_passage_it_was_found_in() -> None:
    text = f"{HEAD}Số: 5/TB-UBND\nQuế Thuận, ngày 01 tháng 6 năm 2026\nTHÔNG BÁO\nVề việc họp dân"
    field = only(recognised(text + TAIL), Name.NUMBER)
    assert (field.passage, field.line, field.sure) == ("Số: 5/TB-UBND", 4, True)


@pytest.mark.parametrize("mark", ["MẬT", "TỐI MẬT", "TUYỆT MẬT", "Mật", "(MẬT)", "ĐỘ MẬT: MẬT"])
def test_a_secret_mark_is_never_overlooked(mark: str) -> None:
    text = f"{HEAD}{mark}\nSố: 5/BC-UBND\nQuế Thuận, ngày 01 tháng 6 năm 2026\nBÁO CÁO\nTình hình"
    assert recognised(text + TAIL).one(Name.SECRECY) is not None


def test_talk_of_secrecy_is_no_mark() -> None:
    text = f"{HEAD}Số: 5/UBND-NC\nV/v bảo vệ bí mật nhà nước\nKính gửi: Các thôn."
    assert recognised(text + TAIL).one(Name.SECRECY) is None


def test_the_day_of_a_digital_signature_fills_a_blank_but_stays_unsure() -> None:
    text = f"{HEAD}Số: 5/TB-UBND\nQuế Thuận, ngày    tháng    năm 2026\nTHÔNG BÁO\nVề việc họp dân"
    stamp = "\nKý bởi: UBND xã Quế Thuận\nThời gian ký: 08/06/2026 10:21:33 +07:00"
    field = only(recognised(text + TAIL + stamp), Name.ISSUED_ON)
    assert (field.value, field.doubt) == ("2026-06-08", Doubt.ELSEWHERE)


@pytest.mark.parametrize(
    "text", ["", "Mời bà con họp thôn lúc 19 giờ tối nay.", "a\nb\nc", "Số: ", "Nơi nhận:"]
)
def test_ordinary_text_is_no_official_document(text: str) -> None:
    assert not recognised(text).is_official
