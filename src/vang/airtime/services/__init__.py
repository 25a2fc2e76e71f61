"""Every write to the air of a commune."""

from vang.airtime.changes import airtime_changed, on_airtime_changed
from vang.airtime.services.broadcasting import broadcast_bulletin
from vang.airtime.services.feeds import open_feed, revoke_feed
from vang.airtime.services.moving import copy, move, move_placement
from vang.airtime.services.placing import (
    place_in_programme,
    place_now,
    place_once,
    remove_placement,
)
from vang.airtime.services.programmes import change_programme, create_programme, end_programme
from vang.airtime.services.replacing import replace_on_air
from vang.airtime.services.restoring import reopen_programme, restore_placement, resume_items
from vang.airtime.services.ruling import change_quiet_zone, change_slot_policy
from vang.airtime.services.rundown import (
    add_sound_part,
    add_window,
    remove_part,
    set_fill,
    shift_part,
)
from vang.airtime.services.sounds import approve_sound, choose_sound, retire_sound
from vang.airtime.services.stopping import StoppedAll, stop_all, stop_item
from vang.airtime.services.times import (
    add_day_off,
    move_time,
    remove_day_off,
    restore_time,
    skip_time,
)

__all__ = [
    "StoppedAll",
    "add_day_off",
    "add_sound_part",
    "add_window",
    "airtime_changed",
    "approve_sound",
    "broadcast_bulletin",
    "change_programme",
    "change_quiet_zone",
    "change_slot_policy",
    "choose_sound",
    "copy",
    "create_programme",
    "end_programme",
    "move",
    "move_placement",
    "move_time",
    "on_airtime_changed",
    "open_feed",
    "place_in_programme",
    "place_now",
    "place_once",
    "remove_day_off",
    "remove_part",
    "remove_placement",
    "reopen_programme",
    "replace_on_air",
    "restore_placement",
    "restore_time",
    "resume_items",
    "retire_sound",
    "revoke_feed",
    "set_fill",
    "shift_part",
    "skip_time",
    "stop_all",
    "stop_item",
]
