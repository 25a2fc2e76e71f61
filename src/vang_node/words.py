"""What the terminal and the set-up page say: Vietnamese, or English where the locale says so."""

import os


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


VIETNAMESE = {
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
    "not enrolled yet": "chưa ghép nối",
    "NetworkManager is not installed; see ip address.": (
        "Chưa cài NetworkManager; hãy xem bằng lệnh ip address."
    ),
    # vang-node logs
    "There is no journalctl here; the log is where the agent was started.": (
        "Máy này không có journalctl; nhật ký nằm ở nơi chạy chương trình."
    ),
    # the set-up page
    "Set up the loudspeaker": "Cài đặt loa",
    "1. Network": "1. Mạng",
    "2. One-time code": "2. Mã ghép nối",
    "Wi-Fi": "Wi-Fi",
    "4G": "4G",
    "Name of the Wi-Fi": "Tên Wi-Fi",
    "Password": "Mật khẩu",
    "APN of the SIM": "APN của SIM",
    "Such as v-internet (Viettel), m-wap (MobiFone), m3-world (VinaPhone).": (
        "Ví dụ v-internet (Viettel), m-wap (MobiFone), m3-world (VinaPhone)."
    ),
    "Connect by Wi-Fi": "Kết nối Wi-Fi",
    "Connect by 4G": "Kết nối 4G",
    "Address of the server": "Địa chỉ máy chủ",
    "Code": "Mã",
    "The office makes it on the page of the cluster; it is valid for 15 minutes.": (
        "Cơ quan tạo mã ở trang của cụm loa; mã có hiệu lực 15 phút."
    ),
    "Enrol this loudspeaker": "Ghép nối loa này",
    "Connected.": "Đã kết nối.",
    "The password is wrong.": "Sai mật khẩu.",
    "Not connected: {why}": "Chưa kết nối được: {why}",
    "Fill in every field of this part.": "Hãy điền đủ các ô của phần này.",
    "That is not accepted here.": "Nội dung này không được chấp nhận.",
    "The page is too old. Try once more.": "Trang đã cũ. Hãy thử lại.",
    "The loudspeaker could not be enrolled: {why}": "Chưa ghép nối được loa: {why}",
    "The loudspeaker is enrolled": "Đã ghép nối loa",
    "It is called {node} and belongs to cluster {cluster}. This page closes now.": (
        "Thiết bị tên {node}, thuộc cụm {cluster}. Trang này đóng lại."
    ),
    "Now: {state}": "Hiện tại: {state}",
    "no network": "không có mạng",
    "The set-up page answers on http://{address}:{port}/": (
        "Trang cài đặt ở http://{address}:{port}/"
    ),
    "This loudspeaker is enrolled already: the set-up page stays closed.": (
        "Loa này đã ghép nối: trang cài đặt không mở."
    ),
    "{interface} has no address: is the access point on?": (
        "{interface} không có địa chỉ: điểm phát Wi-Fi đã bật chưa?"
    ),
    # errors
    "{home} is not enrolled: run vang-node enrol first.": (
        "{home} chưa ghép nối: hãy chạy vang-node enrol trước."
    ),
    "{server} could not be reached: {why}": "Không kết nối được {server}: {why}",
    "Enrolled as {node}: unit {unit}, cluster {cluster}.": (
        "Đã ghép nối với tên {node}: đơn vị {unit}, cụm {cluster}."
    ),
    "A tone was played on {sink}.": "Đã phát âm thử ra {sink}.",
    "Everything is forgotten. The journal is kept in {kept}. Enrol this device again.": (
        "Đã xóa hết. Nhật ký được giữ ở {kept}. Hãy ghép nối lại thiết bị này."
    ),
    # vang-node status
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
    "sink": "ngõ ra",
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
