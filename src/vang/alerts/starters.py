"""Six templates to begin with, in the words that residents hear.

A commune takes one over and changes it; it is worth nothing until two people have approved it.
The words follow the advice of the steering committee for natural disasters: what threatens, where,
what to do, whom to call.
"""

from dataclasses import dataclass

from vang.alerts.blanks import Blank, Kind
from vang.alerts.models.words import CATEGORY_OF, Certainty, Event, Response, Severity, Urgency


@dataclass(frozen=True)
class Starter:
    """``text`` has blanks; ``ready`` none. ``icon`` is for the big button."""

    event: Event
    name: str
    icon: str
    headline: str
    text: str
    ready: str
    retraction_headline: str
    retraction: str
    blanks: tuple[Blank, ...] = ()
    response: str = Response.PREPARE
    urgency: str = Urgency.IMMEDIATE
    severity: str = Severity.SEVERE
    certainty: str = Certainty.LIKELY
    lasts_min: int = 360

    @property
    def key(self) -> str:
        return self.event.value

    @property
    def category(self) -> str:
        return CATEGORY_OF[self.event]


_PLACE = Blank("noi", "Nơi", Kind.PLACE)
_TIME = Blank("gio", "Lúc", Kind.TIME)
_LEVEL = Blank("muc_nuoc", "Mực nước sông", Kind.NUMBER, "mét", 0, 30)
_WIND = Blank("cap_gio", "Cấp gió", Kind.NUMBER, "", 6, 17)

STARTERS: tuple[Starter, ...] = (
    Starter(
        Event.STORM,
        "Bão",
        "storm",
        "CẢNH BÁO BÃO",
        "Bão sẽ ảnh hưởng trực tiếp tới địa phương từ {gio}, gió mạnh cấp {cap_gio}. Bà con chằng "
        "chống nhà cửa, không ra đường, không ra sông, ra biển. Hộ ở nhà yếu, vùng thấp trũng đến "
        "ngay nơi trú ẩn theo hướng dẫn của thôn. Cần giúp gọi 112.",
        "Bão sắp ảnh hưởng trực tiếp tới địa phương. Bà con ở trong nhà chắc chắn, không ra đường, "
        "không ra sông, ra biển. Hộ ở nhà yếu, vùng thấp trũng đến ngay nơi trú ẩn theo hướng dẫn "
        "của thôn. Cần giúp gọi 112.",
        "HỦY CẢNH BÁO BÃO",
        "Cảnh báo bão vừa phát không còn hiệu lực. Bà con theo dõi thông báo tiếp theo.",
        (_TIME, _WIND),
        lasts_min=24 * 60,
    ),
    Starter(
        Event.FLASH_FLOOD,
        "Lũ quét, lũ lên nhanh",
        "ripple",
        "CẢNH BÁO LŨ QUÉT",
        "Nước lên rất nhanh tại {noi}, mực nước {muc_nuoc}. Bà con rời ngay bờ sông, bờ suối, lên "
        "chỗ cao. Không lội qua suối, qua ngầm. Không quay lại lấy tài sản. Cần giúp gọi 112.",
        "Lũ quét sắp xảy ra. Bà con rời ngay bờ sông, bờ suối, lên chỗ cao. Không lội qua suối, "
        "qua ngầm. Không quay lại lấy tài sản. Cần giúp gọi 112.",
        "HỦY CẢNH BÁO LŨ QUÉT",
        "Cảnh báo lũ quét vừa phát không còn hiệu lực. Bà con theo dõi thông báo tiếp theo.",
        (_PLACE, _LEVEL),
        response=Response.EVACUATE,
        severity=Severity.EXTREME,
    ),
    Starter(
        Event.DAM,
        "Vỡ đập, xả lũ khẩn cấp",
        "droplets",
        "CẢNH BÁO VỠ ĐẬP",
        "Đập, hồ chứa phía trên có nguy cơ vỡ hoặc xả lũ khẩn cấp lúc {gio}. Bà con tại {noi} rời "
        "ngay vùng thấp, lên chỗ cao, đi theo hướng dẫn của thôn. Cần giúp gọi 112.",
        "Đập, hồ chứa phía trên có nguy cơ vỡ. Bà con ở vùng hạ du rời ngay vùng thấp, lên chỗ "
        "cao, đi theo hướng dẫn của thôn. Cần giúp gọi 112.",
        "HỦY CẢNH BÁO VỠ ĐẬP",
        "Cảnh báo vỡ đập vừa phát không còn hiệu lực. Bà con theo dõi thông báo tiếp theo.",
        (_TIME, _PLACE),
        response=Response.EVACUATE,
        severity=Severity.EXTREME,
    ),
    Starter(
        Event.FOREST_FIRE,
        "Cháy rừng",
        "flame",
        "CẢNH BÁO CHÁY RỪNG",
        "Đang cháy rừng tại {noi}. Bà con gần đó đưa người già, trẻ em ra xa, đi ngược chiều gió, "
        "tránh khói. Không tự ý vào rừng chữa cháy. Báo cháy gọi 114.",
        "Đang cháy rừng gần khu dân cư. Bà con đưa người già, trẻ em ra xa, đi ngược chiều gió, "
        "tránh khói. Không tự ý vào rừng chữa cháy. Báo cháy gọi 114.",
        "HỦY CẢNH BÁO CHÁY RỪNG",
        "Cảnh báo cháy rừng vừa phát không còn hiệu lực. Bà con theo dõi thông báo tiếp theo.",
        (_PLACE,),
        response=Response.AVOID,
        certainty=Certainty.OBSERVED,
    ),
    Starter(
        Event.EPIDEMIC,
        "Dịch bệnh",
        "virus",
        "CẢNH BÁO DỊCH BỆNH",
        "Đã có ca bệnh truyền nhiễm nguy hiểm tại {noi}. Bà con ở nhà, đeo khẩu trang, rửa tay, "
        "không tụ tập. Ai sốt, ho, khó thở báo ngay trạm y tế, gọi 115.",
        "Đã có ca bệnh truyền nhiễm nguy hiểm tại địa phương. Bà con ở nhà, đeo khẩu trang, rửa "
        "tay, không tụ tập. Ai sốt, ho, khó thở báo ngay trạm y tế, gọi 115.",
        "HỦY CẢNH BÁO DỊCH BỆNH",
        "Cảnh báo dịch bệnh vừa phát không còn hiệu lực. Bà con theo dõi thông báo tiếp theo.",
        (_PLACE,),
        urgency=Urgency.EXPECTED,
        lasts_min=24 * 60,
    ),
    Starter(
        Event.SECURITY,
        "Mất an ninh, trật tự",
        "shield-exclamation",
        "CẢNH BÁO AN NINH",
        "Có tình huống nguy hiểm tại {noi}. Bà con ở trong nhà, khóa cửa, không tụ tập, không đến "
        "gần. Thấy việc khả nghi gọi công an 113.",
        "Có tình huống nguy hiểm trên địa bàn. Bà con ở trong nhà, khóa cửa, không tụ tập, không "
        "đến gần. Thấy việc khả nghi gọi công an 113.",
        "HỦY CẢNH BÁO AN NINH",
        "Cảnh báo an ninh vừa phát không còn hiệu lực. Bà con theo dõi thông báo tiếp theo.",
        (_PLACE,),
        response=Response.SHELTER,
    ),
)
BY_KEY = {starter.key: starter for starter in STARTERS}
