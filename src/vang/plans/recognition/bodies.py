# ruff: noqa: E501 - patterns set like tables
"""Names of organisations in running text, one by one, with their places. Pure.

Vietnamese writes the field of an office with one capital a word of two syllables ("Sở Tài chính")
and goes on in small letters, so a name ends where a small word is neither the second syllable of
such a word nor one that names go on with.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from vang.library.official.folding import flat, phrases

# What a name begins with, after "và" or a comma too.
_SMALL_HEADS = (
    "uy ban nhan dan, ubmttqvn, mttqvn, uy ban mttqvn, uy ban mttq, uy ban mat tran to quoc, uy ban mat tran, ubnd, ubmttq, ub mttq,"
    "ub mat tran, ub, mttq, mat tran to quoc, mat tran, hoi dong nhan dan, hdnd, thuong truc,"
    "co quan, don vi, van phong, cong an, bo chi huy, bo tu lenh, ban chi huy, ban chi dao,"
    "cong thong tin dien tu, cong/trang thong tin dien tu, trang thong tin dien tu, dai truyen thanh,"
    "dai phat thanh, dai truyen hinh, dai tt, dai ttcs, to chuc doan the, doan the, to chuc chinh tri,"
    "thu truong, nguoi dung dau, thanh vien, truong cac, chu tich, pho chu tich, giam doc, bi thu,"
    "truong phong, truong ban, truong thon, hieu truong, chanh van phong, cong chuc, can bo,"
    "to dan pho, to truong, bi thu chi bo, truong ban cong tac, nha truong, truong hoc, tram y te,"
    "trung tam, chi cuc, cuc, doanh nghiep, hop tac xa, thanh tra, toa an, vien kiem sat, bao hiem xa hoi, lien doan, cong doan,"
    "to chuyen mon, bo phan, nhom, dia phuong, lanh dao ubnd, lanh dao cac, lanh dao phong,"
    "nhan vien, to cong nghe so, to cong nghe, ban bien tap, luc luong, cap uy, chi bo, dang uy,"
    "dong chi, cac dong chi, cac ubnd, ban quan ly, ban nhan dan, ban cong tac mat tran, to thong tin, doi tuyen truyen, to tuyen truyen"
)
_CASED_HEADS = (
    "so, ban, phong, hoi, doan, dai, don, to, bo, bao, truong, vien, tinh uy, tinh doan, huyen uy,"
    "huyen doan, thanh uy, thanh doan, thi uy, quan uy, dang bo, thon, xa, phuong, khu pho, ap,"
    "lang, quy, kho bac, ngan hang, buu dien, dien luc, vien thong, benh vien, hat, tram, doi, cau lac bo, lien hiep, lien minh, thuong vu, ban thuong vu, chi doan,"
    "cong ty, tong cong ty, tap doan, vnpt, viettel, mobifone, fpt, nha, thu vien, bao tang, cum,"
    "quan, huyen, thanh pho, thi xa, thi tran, dac khu, tinh, ubkt, vp, ttvh, vhxh, hlhpn, lhpn, hnd,"
    "hccb, dtn, phong vh, bch, bcd, nganh, lien doan, ban tuyen giao, uy ban, vien chuc, tang ni"
)
_COLLECTIVE = (
    "co quan, don vi, so, ban, nganh, phong, doan the, to chuc, hoi, dia phuong, xa, phuong,"
    "thi tran, huyen, quan, thi xa, thanh pho, tinh, dac khu, thon, ban lang, ap, khu pho, khoi, to dan pho,"
    "truong, doanh nghiep, bo phan, trung tam, cong chuc, can bo, thanh vien, chi bo, dong chi,"
    "luc luong, dai truyen thanh, chi hoi, ban dan van, bo, uy ban, cong ty, co so, cap uy, nha,"
    "lang, phum, soc, cum dan cu, tram, thiet che, chinh quyen, mat tran, to chuc dang, nha mang, nha cung cap"
)
# Small words and phrases that names go on with.
_INSIDE = (
    "nhan dan, cac, va, cua, huyen, tinh, xa, phuong, thi tran, thanh pho, quan, thi xa, dac khu,"
    "thon, ap, ban lang, khu pho, khoi pho, to dan pho, dan pho, lien quan, co lien quan, chuc nang,"
    "cap tinh, cap huyen, cap xa, cap, truc thuoc, thuoc so, thuoc tinh, thuoc huyen, thuoc xa,"
    "thuoc ubnd, thuoc, dia phuong, tren dia ban, dia ban, o dia phuong, chinh tri - xa hoi,"
    "chinh tri – xa hoi, chinh tri-xa hoi, chinh tri xa hoi, chinh tri, xa hoi, nghe nghiep,"
    "xa hoi - nghe nghiep, quan chung, doan the, chuyen mon, uy, viet nam, co so, truyen thanh,"
    "truyen hinh, thong tin dien tu, dien tu, thong tin, nong thon, chien binh, lien hiep phu nu,"
    "thi truong, hanh chinh cong, hanh chinh, thap do, cao tuoi, ho chi minh, chi huy, chi dao,"
    "quan su, bien phong, don vi, co quan, to chuc, doanh nghiep, ngoai nha nuoc, nha nuoc, vien thong,"
    "buu chinh, truong hoc, giao duc, y te, dan cu, so, ban, nganh, phong, dang, chi hoi, chi doan,"
    "truong, dai, ca nhan, thanh vien, trung uong, khu vuc, trung hoc, tieu hoc, mam non, hoc,"
    "trung hoc co so, noi tren, lan can, cong lap, su nghiep, dong chan, dong tren dia ban, hoi,"
    "chua chay, chong thien tai, tim kiem cuu nan, dan toc, dich vu, khuyen nong, nong nghiep,"
    "dan quan, cong dong, tuyen truyen luu dong, van hoa, the thao, ninh trat tu, bao chi,"
    "cung cap dich vu vien thong, cung cap dich vu, doan vien, hoi vien, chuc sac, nghe an,"
    "quan ly khu cong nghiep, cong nghe so cong dong, cong nghiep, toan tinh, toan huyen, toan xa,"
    "luu dong, trang, cac doan the, phu trach cac, van tai, nghe thuat, hang hai, hang khong, tong hop xa, tong hop phuong, tong hop huyen, khu cong nghiep, khu kinh te, mot cua, phu nu, nong dan, thanh nien, xung kich, vu trang, canh sat, cong dan, nhi dong, van hoa - xa hoi, van hoa – xa hoi, kinh te"
)
# Verbs and joints with which a sentence goes on after a name.
_VERBS = (
    "chu tri, phoi hop, huong dan, tham muu, dinh huong, xay dung, trien khai, to chuc, thuc hien,"
    "theo doi, don doc, kiem tra, chi dao, bo tri, can doi, tham dinh, tong hop, bao cao, cung cap,"
    "dang tai, dang, phat song, tuyen truyen, pho bien, van dong, tang cuong, day manh, nang cao,"
    "co trach nhiem, chiu trach nhiem, can cu, tren co so, theo, la co quan, la don vi, la dau moi,"
    "tiep tuc, ra soat, long ghep, quan ly, ban hanh, xem xet, lap, mo, cu, giao, gui, nghien cuu,"
    "de xuat, dam bao, bao dam, phat dong, giam sat, quan triet, cu the hoa, kip thoi, thuong xuyen,"
    "chu dong, dinh ky, hang nam, hang thang, hang quy, hang tuan, dong thoi, duy tri, thanh lap,"
    "kien toan, dao tao, boi duong, tap huan, bien soan, xuat ban, phat hanh, san xuat, van hanh,"
    "tiep nhan, giai quyet, xu ly, tao dieu kien, khuyen khich, huy dong, phan cong, phan bo, ho tro,"
    "danh gia, so ket, tong ket, thong ke, tien hanh, lanh dao, cap nhat, cong khai, niem yet,"
    "tich cuc, thong bao, khao sat, dua, trinh, phat huy, quan tam, chuan bi, cai tien, doi moi,"
    "ap dung, ung dung, ket noi, dau tu, sua chua, lap dat, mua sam, trang bi, thanh tra, phe duyet,"
    "quyet dinh, ky, nam bat, ghi, luu, viet, bien tap, thu thap, phan anh, gop phan, giup, ung ho,"
    "cam ket, du toan, thanh toan, quyet toan, su dung, khai thac, chi tra, cap kinh phi, to chuc,"
    "nghiem tuc, chap hanh, khan truong, san sang, tham gia, dong hanh, neu guong, lam dau moi,"
    "thuc day, chuyen, neu, ra, khen thuong, xet, binh chon, in, soan thao, phan cong, phu trach,"
    "hoan thanh, dieu phoi, quang ba, gioi thieu, treo, phat, tiep song, tiep am, cai dat, so hoa,"
    "truyen thong, tu van, ke khai, van dung, nhan rong, can doi, thong nhat, thong tin, phan loai,"
    "canh bao, ung pho, phong ngua, dau tranh, phan bac, ngan chan, cong bo, dien tap, cung, tai lieu"
)
_STRAY = "dong, hoat, trong, khi, de, va, voi, nham, cho, phai, can, se, da, dang, duoc, khong, ve"
_HEAD = re.compile(rf"(?:cac\s+{phrases(_COLLECTIVE)}|{phrases(_SMALL_HEADS)})(?![\w])")
_CASED_HEAD = re.compile(rf"{phrases(_CASED_HEADS)}(?![\w])")
_ITEM = re.compile(rf"{phrases(_COLLECTIVE)}(?![\w])")
_GOES_ON = re.compile(rf"{phrases(_INSIDE)}(?![\w])")
_VERB = re.compile(rf"{phrases(_VERBS)}(?![\w])")
_STOP = re.compile(rf"{phrases(_STRAY)}(?![\w])")
_TOKEN = re.compile(r"\w[\w.&’']*|[^\w\s]")
_JOINT = re.compile(
    r"\s*(?:[,;]\s*(?:va\s+|cung\s+(?!cap\b))?|(?:va|cung(?!\s+cap\b)|cung voi)\s+)(?=\S)"
)
_DASH = re.compile(r"\s*[-–—/]\s*(?=\w)")
# What begins as a name does and is none.
_NO_HEAD = re.compile(
    r"(?:ban\s+hanh|to\s+chuc(?!\s+(?:doan\s+the|chinh\s+tri|hoi))|phong\s*,?\s*(?:chong|ngua|benh|chay)|hoi\s+(?:nghi|thi|thao|dien|nhap|hop)|bao\s+(?:cao|dam|ve|ton)"
    r"|truong\s+hop|doan\s+(?:ket|kiem\s+tra)|doi\s+(?:ngu|moi|voi|tuong)|bo\s+(?:sung|tri|may)|tram\s+(?:bien|phat)"
    r"|quy\s+(?:iv|i{1,3}|\d|dinh|che|mo|hoach|trinh)|vien\s+tro|nha\s+nuoc|tinh\s+(?:hinh|toan|den)|thanh\s+(?:lap|toan)"
    r"|so\s+(?:luong|sanh|ket|ho|do|lieu)|dai\s+tra|to\s+(?:roi|gap)|nganh\s+nghe|cum\s+(?:loa|tu)|doi\s+ngu|cong\s+viec"
    r"|xa\s+hoi|thanh\s+tra\s*,\s*kiem\s+tra|can\s+bo\s*,|luc\s+luong\s+tham)(?!\w)"
)
_AFTER_OFFICE = re.compile(
    r"van phong (?:hdnd|hoi dong nhan dan|doan dbqh|dang uy|tinh uy|huyen uy)$"
)
_ORGANISES = re.compile(r"(?:to chuc|thong tin|kinh te|giao duc|van hoa|dich vu)(?![\w])")
_MAY_ORGANISE = re.compile(r"(?:^|\s)(?:cac|va|hoi|voi|cung)$|[,;]$")
_COUNTED = re.compile(r"(?:so|thon|to|khu pho|khu vuc|khoi|quan|ap)$")
_WHO = re.compile(r"(?:thanh vien|can bo|lanh dao)")
_LONGEST = 260
_MOST = 30


@dataclass(frozen=True)
class Body:
    """The name as it stands, and its place in the text that was searched."""

    name: str
    start: int
    end: int


def bodies_at(text: str, start: int) -> list[Body]:
    """The names that follow each other from ``start`` on; none where none begins there."""
    folded, found = flat(text), list[Body]()
    place = start + len(text[start:]) - len(text[start:].lstrip())
    while len(found) < _MOST and (end := _name_end(text, folded, place)) is not None:
        found.append(Body(" ".join(text[place:end].split()).rstrip(" ,;-–"), place, end))
        joint = _JOINT.match(folded, end)
        if joint is None or not _begins(text, folded, joint.end()):
            break
        place = joint.end()
    return found


def is_duty_word(text: str, place: int) -> bool:
    """A small verb stands there, such as a duty begins with."""
    first = text[place : place + 1]
    return bool(first) and _VERB.match(flat(text), place) is not None


def after_deeds(folded: str) -> str:
    """What stands behind the verbs with which a duty begins."""
    while deed := _VERB.match(folded):
        folded = folded[deed.end() :].lstrip(" ,")
        folded = folded.removeprefix("va ")
    return folded


def _begins(text: str, folded: str, place: int) -> bool:
    if _NO_HEAD.match(folded, place):
        return False
    if _HEAD.match(folded, place):
        return not (
            _VERB.match(folded, place) and text[place].islower() and _is_verb_only(folded, place)
        )
    return _CASED_HEAD.match(folded, place) is not None and text[place].isupper()


def _is_verb_only(folded: str, place: int) -> bool:
    """ "thanh tra" and "lãnh đạo" written small are deeds unless they are said to be bodies."""
    return re.match(r"(?:thanh tra|to chuc)(?![\w])", folded[place:]) is not None


def _name_end(text: str, folded: str, start: int) -> int | None:
    if not _begins(text, folded, start):
        return None
    head = _HEAD.match(folded, start) or _CASED_HEAD.match(folded, start)
    assert head is not None  # noqa: S101 - one of the two began the name
    end = head.end()
    while end - start < _LONGEST and (more := _more(text, folded, start, end)):
        end = more
    return end


def _is_collective(folded: str, start: int, end: int) -> bool:
    """ "các xã", "UBND các xã"; "cơ quan, đơn vị" without "các" too."""
    item = _ITEM.match(folded, start)
    bare = item is not None and _JOINT.match(folded, item.end()) is not None
    return bare or re.search(r"(?:^|\s)cac\s", folded[start:end]) is not None


def _more(text: str, folded: str, start: int, end: int) -> int | None:
    """Where the name's next part ends; None where the name ends."""
    joint = _JOINT.match(folded, end)
    if joint is not None:
        return _after_joint(text, folded, start, joint)
    dash = _DASH.match(folded, end)
    place = dash.end() if dash else end + _blanks(text, end)
    if place >= len(text) or (place == end and not dash):
        return None
    if text[place] == "(":
        return _bracketed(text, place)
    return _word(text, folded, start, place)


def _blanks(text: str, place: int) -> int:
    return len(text[place:]) - len(text[place:].lstrip())


def _bracketed(text: str, place: int) -> int | None:
    close = text.find(")", place)
    return close + 1 if 0 < close - place < 80 else None


def _after_joint(text: str, folded: str, start: int, joint: re.Match[str]) -> int | None:
    """After a comma or "và": one more of a collective's kinds, or more of an office's field."""
    place = joint.end()
    if text[joint.start() : place].strip().startswith(";"):
        return None
    if _AFTER_OFFICE.search(folded[start : joint.start()]) and re.match(
        r"(?:ubnd|hdnd|uy ban)", folded[place:]
    ):
        return _word(text, folded, start, place)
    item = _ITEM.match(folded, place)
    collective = _is_collective(folded, start, joint.start())
    if collective and item and not _is_proper(text, folded, place, item.end()):
        verb = _VERB.match(folded, place)
        if not (verb and verb.end() > item.end()):
            return item.end()
    known = _GOES_ON.match(folded, place)
    if collective and known and text[place].islower() and not _begins(text, folded, place):
        verb = _VERB.match(folded, place)
        return None if verb and verb.end() >= known.end() else known.end()
    if _begins(text, folded, place) or not text[place].isupper():
        return None
    return _word(text, folded, start, place)


def _is_proper(text: str, folded: str, place: int, end: int) -> bool:
    """ "Sở Tài chính" in a list of bodies is one of its own, "Sở, Ban, Ngành" is one name."""
    following = text[end:].lstrip()[:1]
    return text[place].isupper() and following.isupper() and folded[place:end] != "cac"


def _word(text: str, folded: str, start: int, place: int) -> int | None:
    token = _TOKEN.match(text, place)
    if token is None or not token[0][0].isalnum():
        return None
    word, before = token[0], text[start:place].rstrip()
    end = token.end() - len(word) + len(word.rstrip(".'’"))
    if word[0].isupper():
        return end if not _ends_sentence(before) else None
    last = re.search(r"\S+$", before)
    second = last is not None and last[0][0].isupper() and not last[0].isupper()
    if word[0].isdigit():
        return end if second or _COUNTED.search(flat(before)) else None
    known = _known(text, folded, start, place)
    if known is not None:
        return known
    verb = _VERB.match(folded, place)
    if verb or _STOP.match(folded, place):
        return _second(folded, place, end) if second and not verb else None
    return end if second else None


def _known(text: str, folded: str, start: int, place: int) -> int | None:
    """The end of a small word or phrase that names go on with."""
    if text.startswith("cùng cấp", place):
        return place + len("cùng cấp")
    known, verb = _GOES_ON.match(folded, place), _VERB.match(folded, place)
    if known is None:
        return None
    if known[0].startswith("phu trach") and _WHO.match(folded, start):
        return known.end()
    deed = verb is not None and verb.end() >= known.end()
    return None if deed and not _organises(folded, start, place) else known.end()


def _second(folded: str, place: int, end: int) -> int | None:
    """ "Lao động", "Mặt trận": syllables that are words of their own elsewhere."""
    before = re.search(r"(\S+)\s+$", folded[:place])
    pair = f"{before[1]} {folded[place:end]}" if before else ""
    return end if pair in {"lao dong", "cong dong", "hoat dong", "van dong", "quan trong"} else None


def _organises(folded: str, start: int, place: int) -> bool:
    """ "các tổ chức" are bodies, "phường tổ chức" is a deed."""
    before = folded[start:place].rstrip()
    return _ORGANISES.match(folded, place) is not None and _MAY_ORGANISE.search(before) is not None


def _ends_sentence(before: str) -> bool:
    return before.endswith((".", ":", ";", "!", "?")) and not re.search(r"\b[A-ZĐ]{1,4}\.$", before)


def names(bodies: list[Body]) -> tuple[str, ...]:
    """The names, each once."""
    return tuple(dict.fromkeys(body.name for body in bodies if body.name))


def names_listed(text: str) -> tuple[str, ...]:
    """All names of a cell or after a label; the whole text where no name is recognised."""
    told: list[str] = []
    for part in _parts(text):
        place = len(part) - len(part.lstrip(" -–+•"))
        found = bodies_at(part, place)
        whole = " ".join(part.strip(" -–+•.;:,").split())
        covered = found and not part[found[-1].end :].strip(" .;,:")
        told += names(found) if covered else [whole]
    return tuple(dict.fromkeys(name for name in told if name))


def _parts(text: str) -> Iterator[str]:
    """At semicolons, and at dashes behind which a name begins."""
    for part in re.split(r"[\n;]", text):
        cuts = [
            d.start()
            for d in re.finditer(r"(?<=\s)[-–+](?=\s+\w)", part)
            if bodies_at(part, d.end())
        ]
        places = [0, *cuts, len(part)]
        yield from (part[a:b] for a, b in pairwise(places) if part[a:b].strip(" -–+"))
