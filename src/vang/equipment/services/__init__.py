"""Every write of the register of equipment."""

from vang.equipment.services.devices import (
    Facts,
    add_device,
    change_device,
    lend_device,
    put_up_device,
    retire_device,
    store_device,
    take_back_device,
)
from vang.equipment.services.enrolling import expect_device, issue_code
from vang.equipment.services.ground import change_ground
from vang.equipment.services.places import (
    Coverage,
    Spot,
    change_place,
    describe_place,
    end_place,
    open_place,
)
from vang.equipment.services.segments import (
    Line,
    change_segment,
    describe_station,
    end_segment,
    open_segment,
)

__all__ = [
    "Coverage",
    "Facts",
    "Line",
    "Spot",
    "add_device",
    "change_device",
    "change_ground",
    "change_place",
    "change_segment",
    "describe_place",
    "describe_station",
    "end_place",
    "end_segment",
    "expect_device",
    "issue_code",
    "lend_device",
    "open_place",
    "open_segment",
    "put_up_device",
    "retire_device",
    "store_device",
    "take_back_device",
]
