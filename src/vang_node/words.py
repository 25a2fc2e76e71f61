"""What the terminal and the set-up page say: Vietnamese, or English where the locale says so."""

import os

from vang_protocol.reasons import Refused


def language() -> str:
    """``vi``, or ``en`` for an English locale and for C, in which programs read."""
    own = os.environ.get("VANG_NODE_LANGUAGE", "")
    if own in {"vi", "en"}:
        return own
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    told = next((os.environ[name] for name in names if os.environ.get(name)), "vi")
    return "en" if told.partition(".")[0].partition("_")[0] in {"en", "C", "POSIX"} else "vi"


def said(english: str, **values: object) -> str:
    """The sentence in the language of the technician."""
    words = VIETNAMESE.get(english, english) if language() == "vi" else english
    return words.format(**values) if values else words


def number(value: float, *, sign: bool = False) -> str:
    """To a tenth, with the comma of Vietnamese or the point of English."""
    text = f"{value:{'+' if sign else ''}.1f}"
    return text.replace(".", ",") if language() == "vi" else text


def refusal(error: Refused) -> str:
    """Why something was refused, for the technician; with its code where there are no words."""
    words = VIETNAMESE.get(error.reason.text)
    if words is None or language() != "vi":
        return str(error)
    return f"{words} ({error.detail})" if error.detail else words


VIETNAMESE = {
    # why the server or a stick is refused
    "The enrolment code is not known.": "Mã không đúng: hãy xem lại, hoặc tạo mã khác.",
    "The enrolment code has been used.": "Mã đã dùng rồi: hãy tạo mã khác.",
    "The enrolment code has expired.": "Mã đã quá 15 phút: hãy tạo mã khác.",
    "Too many requests; try again later.": "Thử quá nhiều lần: hãy đợi ít phút.",
    "The server does not have the file.": "Không có tệp này.",
    "There is no room left on the node.": "Bộ nhớ thiết bị đã đầy.",
    "The server could not be reached.": "Thiết bị không kết nối được máy chủ.",
    "The server answered with an error.": "Máy chủ báo lỗi.",
    "The message is larger than the protocol allows.": "Thông điệp quá lớn.",
    "The bytes are not strict JSON.": "Không đọc được thông điệp.",
    "The signature envelope is malformed or not canonical.": "Thông điệp ký số sai định dạng.",
    "The envelope carries another kind of payload.": "Thông điệp không đúng loại.",
    "No signature is by a key pinned for this purpose.": "Ký bằng khóa không được công nhận.",
    "The signature does not match the bytes.": "Chữ ký số không đúng.",
    "A field is missing, unknown, or outside its range.": "Thông điệp có trường sai.",
    "The node is not known.": "Thiết bị chưa đăng ký.",
    "The node has been withdrawn.": "Thiết bị đã ngừng sử dụng.",
    "The node is suspended until somebody has looked at it.": "Thiết bị đang tạm ngừng.",
    "A journal line is missing.": "Thiếu dòng.",
    "A journal line does not follow the line before it.": (
        "Có dòng không nối với dòng trước: bị sửa hoặc mất."
    ),
    "A journal line cannot be read.": "Có dòng không đọc được.",
    "A journal line is by another node.": "Có dòng của thiết bị khác.",
    # vang-node --help
    "The agent on a loudspeaker.": "Chương trình chạy trên loa.",
    "fetch, verify and play what the plan says": "tải về, kiểm tra và phát theo lịch",
    "alsa, alsa:DEVICE or wav:FOLDER": "alsa, alsa:THIẾT-BỊ hoặc wav:THƯ-MỤC",
    "that of the service": "mặc định: đầu ra của dịch vụ",
    "forget everything, to be enrolled anew; the journal is kept": (
        "xóa hết để đăng ký lại; nhật ký được giữ"
    ),
    "what the node plays, what comes, how it is": "đang phát gì, sắp phát gì, tình trạng ra sao",
    "two seconds of sound, to see that it is heard": "âm thử hai giây, xem loa có kêu không",
    "how loud this device may be; set it, hear it": "âm lượng tối đa của thiết bị; đặt, nghe thử",
    "never louder here: -60 to 0": "tối đa ở đây: từ -60 đến 0",
    "five seconds at that level, to measure": "âm thử năm giây ở mức đó, để đo",
    "which network is there, and whether the server answers": (
        "đang dùng mạng nào, máy chủ có trả lời không"
    ),
    "what the agent wrote lately": "nhật ký chương trình gần đây",
    "a page for a telephone, until the device is enrolled": (
        "trang cài đặt bằng điện thoại, đến khi thiết bị được đăng ký"
    ),
    "that of the access point alone": "chỉ giao diện mạng của điểm phát Wi-Fi",
    "take what a stick brings, give the journal to it": ("lấy nội dung từ USB, ghi nhật ký ra USB"),
    "where the stick is mounted": "thư mục gắn USB",
    "check the journal's chain": "kiểm tra chuỗi nhật ký",
    "become a node, with a one-time code": "đăng ký thiết bị bằng mã dùng một lần",
    # vang-node import
    "{files} files and {sounds} sounds are taken over from the stick.": (
        "Đã nhận {files} tệp và {sounds} âm thanh từ USB."
    ),
    "  not taken: {refused}": "  không nhận: {refused}",
    "The agent does not run: it reads them when it starts.": (
        "Chương trình chưa chạy: sẽ đọc khi khởi động."
    ),
    "{lines} lines of the journal are on the stick, for: vang usb import DIR": (
        "Đã ghi {lines} dòng nhật ký ra USB. Ở xã đọc bằng lệnh: vang usb import THƯ-MỤC"
    ),
    "{stick} has nothing for this unit, or the stick is mounted elsewhere.": (
        "{stick} không có phần cho xã của thiết bị này, hoặc USB gắn ở thư mục khác."
    ),
    # vang-node level
    "The office allows {office} dB, this device is set to {own} dB: {held} dB holds.": (
        "Cơ quan cho phép {office} dB, thiết bị đặt {own} dB: mức đang áp dụng là {held} dB."
    ),
    "The level lies between -60 and 0 dB.": "Mức âm lượng từ -60 đến 0 dB.",
    "The office allows {office} dB at most: ask the office to change it.": (
        "Cơ quan chỉ cho phép tối đa {office} dB: hãy đề nghị cơ quan thay đổi."
    ),
    "Set to {own} dB. It holds from the next start: systemctl restart vang-node": (
        "Đã đặt {own} dB. Có hiệu lực từ lần khởi động sau: systemctl restart vang-node"
    ),
    "A tone of {level} dB was played on {sink}. Measure it one metre from the horn.": (
        "Đã phát âm thử {level} dB ra {sink}. Hãy đo cách loa một mét."
    ),
    # vang-node network
    "address": "địa chỉ",
    "connection": "kết nối",
    "server": "máy chủ",
    "clock": "đồng hồ",
    "none": "không có",
    "answers after {ms} ms": "trả lời sau {ms} ms",
    "does not answer: {why}": "không trả lời: {why}",
    "{s} s from the server's": "lệch {s} giây so với máy chủ",
    "not enrolled yet": "chưa đăng ký",
    "NetworkManager is not installed; see ip address.": (
        "Chưa cài NetworkManager; hãy xem bằng lệnh ip address."
    ),
    # vang-node logs
    "There is no journalctl here; the log is where the agent was started.": (
        "Máy này không có journalctl; nhật ký nằm ở nơi chạy chương trình."
    ),
    # the set-up page
    "Set up the loudspeaker": "Cài đặt loa",
    "1. One-time code": "1. Mã đăng ký",
    "2. Network": "2. Mạng",
    "Wi-Fi": "Wi-Fi",
    "4G": "4G",
    "Name of the Wi-Fi": "Tên Wi-Fi",
    "Password": "Mật khẩu",
    "APN of the SIM": "APN của SIM",
    "Such as v-internet (Viettel), m-wap (MobiFone), m3-world (VinaPhone).": (
        "Ví dụ v-internet (Viettel), m-wap (MobiFone), m3-world (VinaPhone)."
    ),
    "Connect by Wi-Fi and enrol": "Kết nối Wi-Fi và đăng ký",
    "Connect by 4G and enrol": "Kết nối 4G và đăng ký",
    "By cable, or connected already:": "Cắm dây mạng, hoặc đã có mạng:",
    "Address of the server": "Địa chỉ máy chủ",
    "Code": "Mã",
    "The office makes it at the place of the loudspeaker; it is valid for 15 minutes.": (
        "Tạo ở trang nơi lắp đặt; mã có hiệu lực 15 phút."
    ),
    "Enrol this loudspeaker": "Đăng ký loa này",
    "Fill in the Wi-Fi, the server and the code.": ("Hãy điền tên Wi-Fi, địa chỉ máy chủ và mã."),
    "The loudspeaker joins the Wi-Fi": "Loa đang kết nối Wi-Fi",
    "Its own Wi-Fi goes off now. Look at the page with the code in the office's Vang: it tells "
    "when the loudspeaker has enrolled. If the loudspeaker's own Wi-Fi comes back after a minute "
    "or two, it did not get through: join it and open this page again.": (
        "Wi-Fi của loa tắt từ bây giờ. Hãy xem trang có mã trên Vang: trang ấy báo khi loa đăng ký "
        "xong. Nếu một, hai phút sau Wi-Fi của loa hiện lại thì chưa được: kết nối vào đó rồi mở "
        "lại trang này để xem lý do."
    ),
    "Connected.": "Đã kết nối.",
    "The password is wrong.": "Sai mật khẩu.",
    "Not connected: {why}": "Chưa kết nối được: {why}",
    "Fill in every field of this part.": "Hãy điền đủ các ô của phần này.",
    "That is not accepted here.": "Nội dung này không được chấp nhận.",
    "The page is too old. Try once more.": "Trang đã cũ. Hãy thử lại.",
    "The loudspeaker could not be enrolled: {why}": "Chưa đăng ký được loa: {why}",
    "Something went wrong: {why}. More is in vang-node logs.": (
        "Có lỗi: {why}. Xem thêm bằng lệnh vang-node logs."
    ),
    "The loudspeaker is enrolled": "Đã đăng ký loa",
    "It is called {node} and belongs to cluster {cluster}. This page closes now.": (
        "Thiết bị tên {node}, thuộc cụm {cluster}. Trang này đóng lại."
    ),
    "Now: {state}": "Hiện tại: {state}",
    "no network": "không có mạng",
    "The set-up page answers on http://{address}:{port}/": (
        "Trang cài đặt ở http://{address}:{port}/"
    ),
    "This loudspeaker is enrolled already: the set-up page stays closed.": (
        "Loa này đã đăng ký: trang cài đặt không mở."
    ),
    "{interface} has no address: is the access point on?": (
        "{interface} không có địa chỉ: điểm phát Wi-Fi đã bật chưa?"
    ),
    # errors
    "The node's key cannot be read: {why}": "Không đọc được khóa của thiết bị: {why}",
    "{file} cannot be read: {why}": "Không đọc được {file}: {why}",
    "{text} is no sound output: use alsa, alsa:DEVICE or wav:FOLDER.": (
        "{text} không phải đầu ra âm thanh: hãy dùng alsa, alsa:THIẾT-BỊ hoặc wav:THƯ-MỤC."
    ),
    "{text} is no microphone: use alsa:DEVICE.": (
        "{text} không phải micrô: hãy dùng alsa:THIẾT-BỊ."
    ),
    "Enrolled, but the journal cannot be kept: {why}": (
        "Đã đăng ký, nhưng không ghi được nhật ký: {why}"
    ),
    "The journal cannot be kept: {why}": "Không ghi được nhật ký: {why}",
    "{home} is not enrolled: run vang-node enrol first.": (
        "{home} chưa đăng ký: hãy chạy vang-node enrol trước."
    ),
    "{server} could not be reached: {why}": (
        "Không kết nối được {server}. Hãy kiểm tra mạng và địa chỉ máy chủ ({why})."
    ),
    "{home} is enrolled already: run vang-node reset first, or use another folder.": (
        "{home} đã đăng ký: hãy chạy vang-node reset trước."
    ),
    "{home} is not enrolled: there is nothing to forget.": (
        "{home} chưa đăng ký: không có gì để xóa."
    ),
    "The server's address must begin with https:// or http://.": (
        "Địa chỉ máy chủ phải bắt đầu bằng https:// hoặc http://."
    ),
    "{server} is not an address: type it as the office gave it, such as {example}": (
        "{server} không phải địa chỉ máy chủ: hãy gõ đúng như cơ quan đã cho, ví dụ {example}"
    ),
    "Another vang-node is running in {home}.": (
        "Chương trình đang chạy ở {home}. Dừng trước: sudo systemctl stop vang-node"
    ),
    "{home} may not be read by you: put sudo before the command.": (
        "Bạn chưa được phép đọc {home}: thêm sudo vào trước lệnh."
    ),
    "No sound through {why}.": "Không phát được ra {why}.",
    "The agent holds the sound card. Stop it, try again, start it again: "
    "sudo systemctl stop vang-node; sudo vang-node test-tone; sudo systemctl start vang-node": (
        "Chương trình đang giữ đầu ra âm thanh. Dừng, thử, rồi chạy lại: "
        "sudo systemctl stop vang-node; sudo vang-node test-tone; sudo systemctl start vang-node"
    ),
    "Enrolled as {node}: unit {unit}, cluster {cluster}.": (
        "Đã đăng ký với tên {node}: đơn vị {unit}, cụm {cluster}."
    ),
    "A tone was played on {sink}.": "Đã phát âm thử ra {sink}.",
    "Everything is forgotten. The journal is kept in {kept}. Enrol this device again: "
    "sudo systemctl start vang-node-setup makes it ready for that.": (
        "Đã xóa hết. Nhật ký được giữ ở {kept}. Để đăng ký lại, trước hết gõ: "
        "sudo systemctl start vang-node-setup"
    ),
    # vang-node status
    "{node}   unit {unit}   cluster {cluster}": "{node}   đơn vị {unit}   cụm {cluster}",
    "by the server, error unknown": "theo máy chủ, chưa rõ sai số",
    "by the server, error at most {ms} ms": "theo máy chủ, sai số tối đa {ms} ms",
    "by its own system, error unknown": "theo đồng hồ của máy, chưa rõ sai số",
    "by its own system, error at most {ms} ms": "theo đồng hồ của máy, sai số tối đa {ms} ms",
    ", system clock off by {ms} ms": ", đồng hồ của máy lệch {ms} ms",
    "planned": "chưa tải",
    "fetching": "đang tải",
    "verified": "sẵn sàng",
    "armed": "sắp phát",
    "done": "đã phát",
    "pre-empted": "đã nhường",
    "missed": "bị lỡ",
    "not opened yet": "chưa mở",
    "ok": "tốt",
    "silent": "mất tiếng",
    "failed": "hỏng",
    "node": "thiết bị",
    "agent": "chương trình",
    "has not run yet": "chưa chạy lần nào",
    "running": "đang chạy",
    "stopped": "đã dừng",
    "link": "đường truyền",
    "up": "có",
    "down": "không",
    "office": "cơ quan",
    "has withdrawn this device: it is silent": "đã đình chỉ thiết bị này: thiết bị im lặng",
    "plan": "lịch phát",
    "playing": "đang phát",
    "nothing": "không phát",
    "sink": "đầu ra",
    "volume": "âm lượng",
    "uploaded": "đã gửi",
    "disk": "ổ đĩa",
    "next": "sắp tới",
    "journal": "nhật ký",
    "nothing planned": "chưa có lịch",
    "not trusted: nothing plays": "không tin được: không phát gì",
    "version {number}": "bản {number}",
    "ceiling {db} dB": "tối đa {db} dB",
    "journal up to {through} of {all}": "nhật ký đến dòng {through} trên {all}",
    "{mb} MB free": "còn {mb} MB",
    "{state}, as of {at}, {software}": "{state}, lúc {at}, {software}",
    "{count} records, chain verified, head {head}": "{count} dòng, chuỗi nguyên vẹn, đầu {head}",
    "BROKEN at record {seq}: {why}": "HỎNG ở dòng {seq}: {why}",
    "software": "phần mềm",
    "{version}, came with its package": "{version}, theo gói cài đặt",
    "{version}, kept since {at}": "{version}, dùng từ {at}",
    "{version}, on trial": "{version}, đang chạy thử",
}
