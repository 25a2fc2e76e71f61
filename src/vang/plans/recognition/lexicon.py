# ruff: noqa: E501 - lists set like tables
"""The words that names of organisations begin with, go on with and end before. Pure.

They stand without marks; where that makes two words one ("Báo" and "Bảo trì"), a list with marks
tells them apart.
"""

import re

from vang.library.official.folding import phrases

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
    "nhan vien, nguoi co uy tin, gia lang, truong ban, truong buon, truong lang, truong khom, truong ap,"
    "truong khu pho, truong khu vuc, truong khoi, cong tac vien, tuyen truyen vien, bao cao vien, phat thanh vien, ky thuat vien, bien tap vien, phong vien, hoa giai vien, truyen thanh vien, chi uy, dan quan, hoi dong, to y te,"
    "to nhan dan, to tu quan, to bao ve, dang bo, to cong nghe so, to cong nghe, ban bien tap, luc luong, cap uy, chi bo, dang uy,"
    "dong chi, cac dong chi, cac ubnd, ban quan ly, ban nhan dan, ban cong tac mat tran, to thong tin, doi tuyen truyen, to tuyen truyen"
)
_CASED_HEADS = (
    "so, ban, phong, hoi, doan, dai, don, to, bo, bao, truong, vien, tinh uy, tinh doan, huyen uy,"
    "huyen doan, thanh uy, thanh doan, thi uy, quan uy, dang bo, thon, xa, phuong, khu pho, ap,"
    "lang, quy, kho bac, ngan hang, buu dien, dien luc, vien thong, benh vien, hat, tram, doi, cau lac bo, lien hiep, lien minh, thuong vu, ban thuong vu, chi doan,"
    "cong ty, tong cong ty, tap doan, vnpt, viettel, mobifone, fpt, nha, thu vien, bao tang, cum,"
    "quan, huyen, thanh pho, thi xa, thi tran, dac khu, tinh, ubkt, vp, ttvh, vhxh, hlhpn, lhpn, hnd,"
    "khom, buon, bon, hoc vien, chi nhanh, hoi dong, tieu doan, dai doi, nong truong, lam truong, ban tuyen van giao,"
    "hccb, dtn, phong vh, bch, bcd, nganh, lien doan, ban tuyen giao, uy ban, vien chuc, tang ni"
)
_COLLECTIVE = (
    "co quan, don vi, so, ban, nganh, phong, doan the, to chuc, hoi, dia phuong, xa, phuong,"
    "thi tran, huyen, quan, thi xa, thanh pho, tinh, dac khu, thon, ban lang, ap, khu pho, khoi, to dan pho,"
    "truong, doanh nghiep, bo phan, trung tam, cong chuc, can bo, thanh vien, chi bo, dong chi,"
    "luc luong, dai truyen thanh, chi hoi, ban dan van, bo, uy ban, cong ty, co so, cap uy, nha,"
    "lang, phum, soc, buon, khom, bon, chua, hop tac xa, ngan hang, benh vien, don, hoi vien, cum dan cu, tram, thiet che, chinh quyen, mat tran, to chuc dang, nha mang, nha cung cap"
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
    "ven bien, bien gioi, thuong truc, dich vu cong, su nghiep cong, cong ich, dich vu tong hop, phuc vu, vung cao, mien nui, trong diem, dieu hanh, quan tri, tu quan, chu thap do, khuyen hoc,"
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
    "lam viec, giao duc, noi chuyen, phat thanh, nop, ra quan, xac dinh, quan sat, xac minh, tham van, hop dong,"
    "canh bao, ung pho, phong ngua, dau tranh, phan bac, ngan chan, cong bo, dien tap, cung, tai lieu"
)
# Of deeds of one syllable, which others resemble without their marks ("giao", "Tôn giáo").
MARKED = frozenset(
    [
        "theo",
        "lập",
        "mở",
        "cử",
        "giao",
        "gửi",
        "đưa",
        "trình",
        "ký",
        "kí",
        "ghi",
        "lưu",
        "viết",
        "giúp",
        "nêu",
        "ra",
        "xét",
        "in",
        "treo",
        "phát",
        "cùng",
        "chuyển",
        "đăng",
    ]
)
# The same of what names begin with: "Báo", not "Bảo trì".
MARKED_HEADS = frozenset(
    [
        "sở",
        "ban",
        "phòng",
        "hội",
        "đoàn",
        "đài",
        "đồn",
        "tổ",
        "bộ",
        "báo",
        "trường",
        "viện",
        "thôn",
        "xã",
        "phường",
        "ấp",
        "làng",
        "quỹ",
        "hạt",
        "trạm",
        "đội",
        "cụm",
        "quận",
        "huyện",
        "tỉnh",
        "ngành",
        "nhà",
        "khóm",
        "buôn",
        "bản",
        "bon",
        "đơn",
        "vnpt",
        "viettel",
        "mobifone",
        "fpt",
        "ubkt",
        "vp",
        "ttvh",
        "vhxh",
        "hlhpn",
        "lhpn",
        "hnd",
        "hccb",
        "dtn",
        "bch",
        "bcđ",
        "đtn",
    ]
)
# The same of names' small words: "bản" goes on, "bắn" does not.
MARKED_INSIDE = frozenset(
    [
        "các",
        "và",
        "của",
        "huyện",
        "tỉnh",
        "xã",
        "phường",
        "quận",
        "thôn",
        "ấp",
        "cấp",
        "thuộc",
        "ủy",
        "uỷ",
        "sở",
        "ban",
        "bản",
        "ngành",
        "phòng",
        "đảng",
        "trường",
        "đài",
        "học",
        "hội",
        "trang",
        "ấp",
        "làng",
        "buôn",
    ]
)
_STRAY = "dong, hoat, trong, khi, de, va, voi, nham, cho, phai, can, se, da, dang, duoc, khong, ve"
# An officer of a commune called by the field alone: "Tư pháp xã".
FIELD = re.compile(
    r"(?:tu\s+phap|tai\s+chinh|ke\s+toan|dia\s+chinh|van\s+hoa|quan\s+su|y\s+te|thong\s+ke|lao\s+dong|nong\s+dan"
    r"|phu\s+nu|thanh\s+nien|cuu\s+chien\s+binh|mat\s+tran|kinh\s+te)(?:\s*[-–]\s*(?:ho\s+tich|ke\s+toan|xay\s+dung|thong\s+ke|xa\s+hoi))?"
    r"\s+(?:cac\s+)?(?:xa|phuong|thi\s+tran|thon|cap\s+xa)(?!\w)"
)
HEAD = re.compile(rf"(?:cac\s+{phrases(_COLLECTIVE)}|{phrases(_SMALL_HEADS)})(?![\w])")
CASED_HEAD = re.compile(rf"{phrases(_CASED_HEADS)}(?![\w])")
ITEM = re.compile(rf"{phrases(_COLLECTIVE)}(?![\w])")
GOES_ON = re.compile(rf"{phrases(_INSIDE)}(?![\w])")
VERB = re.compile(rf"{phrases(_VERBS)}(?![\w])")
STOP = re.compile(rf"{phrases(_STRAY)}(?![\w])")
TOKEN = re.compile(r"\w[\w.&’']*|[^\w\s]")
JOINT = re.compile(
    r"\s*(?:[,;]\s*(?:va\s+|cung\s+(?!cap\b))?|(?:va|cung(?!\s+cap\b)|cung voi)\s+)(?=\S)"
)
# What begins as a name does and is none.
NO_HEAD = re.compile(
    r"(?:ban\s+hanh|to\s+chuc(?!\s+(?:doan\s+the|chinh\s+tri|hoi))|phong\s*,?\s*(?:chong|ngua|benh|chay)|hoi\s+(?:nghi|thi|thao|dien|nhap|hop)|bao\s+(?:cao|dam|ve|ton)"
    r"|truong\s+hop|doan\s+(?:ket|kiem\s+tra)|doi\s+(?:ngu|moi|voi|tuong)|bo\s+(?:sung|tri|may)|tram\s+(?:bien|phat)"
    r"|quy\s+(?:iv|i{1,3}|\d|dinh|che|mo|hoach|trinh)|vien\s+tro|nha\s+nuoc|tinh\s+(?:hinh|toan|den)|thanh\s+(?:lap|toan)"
    r"|so\s+(?:luong|sanh|ket|ho|do|lieu)|dai\s+tra|to\s+(?:roi|gap)|nganh\s+nghe|cum\s+(?:loa|tu)|doi\s+ngu|cong\s+viec"
    r"|xa\s+hoi|thanh\s+tra\s*,\s*kiem\s+tra|can\s+bo\s*,|luc\s+luong\s+tham)(?!\w)"
)
# "Trưởng các thôn" begins a name of its own within a list of kinds.
OWN = re.compile(
    r"(?:truong\s+(?:cac|thon|ban|buon|lang|khom|ap|khu)|(?:pho\s+)?chu\s+tich|giam\s+doc|thu\s+truong|bi\s+thu)(?!\w)"
)
# Whoever heads or stands for what is named next: "Trưởng Công an xã", "Lãnh đạo Ban biên tập".
PERSON = re.compile(
    r"(?:(?:pho\s+)?truong|chi\s+huy\s+truong|doi\s+truong|tram\s+truong|hieu\s+truong|dai\s+dien|lanh\s+dao|thanh\s+vien|(?:pho\s+)?chu\s+tich|giam\s+doc)\s+"
)
LEVEL = re.compile(
    r"(?:^|\s)(?:xa|phuong|thi\s+tran|huyen|quan|tinh|thon|ap|ban|khu\s+pho|thanh\s+pho|khu\s+vuc)$"
)
