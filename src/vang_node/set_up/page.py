"""What the set-up page does: connect, enrol, and come back to the telephone when that failed."""

import logging
import platform
import secrets
import threading
from dataclasses import dataclass, field

from vang_node.enrolment import check_address, enrol
from vang_node.home import Home, HomeUnfit
from vang_node.journal import JournalFailed
from vang_node.network import (
    NotConnected,
    access_point,
    connect_mobile,
    connect_wifi,
    end_access_point,
    leave_access_point,
    open_access_point,
)
from vang_node.server import Unreachable
from vang_node.set_up import paper
from vang_node.set_up.paper import Fields
from vang_node.words import refusal, said
from vang_protocol.enrolments import EnrolAnswer
from vang_protocol.reasons import Refused

GOODBYE_S = 3.0
"""An answer needs so long to go out before what carries it goes down."""

log = logging.getLogger(__name__)


@dataclass
class Page:
    """What the page knows. ``token``: only forms of this very page are answered. ``last``: what
    came of an attempt that nobody could be shown, as the access point was away meanwhile.
    ``joining``: such an attempt is about to begin or goes on."""

    home: Home
    interface: str
    token: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    lock: threading.Lock = field(default_factory=threading.Lock)
    last: str = ""
    joining: bool = False

    @property
    def enrolled(self) -> bool:
        return self.home.server_file.exists()

    def act(self, path: str, given: Fields) -> str:
        """The page after an act: one at a time."""
        if not secrets.compare_digest(given.get("token", "").encode(), self.token.encode()):
            return self.shown(said("The page is too old. Try once more."), given)
        with self.lock:
            if self.joining and path == "/wifi":
                return paper.leaving()
            self.last = ""
            point = access_point(self.interface) if path == "/wifi" else None
            if point is not None:
                return self._alone(point, given)
            return self._tried(path, given)

    def _alone(self, point: str, given: Fields) -> str:
        """The radio that makes the access point is the one that joins the Wi-Fi: answer first,
        then go on without the telephone, and come back to it when that failed."""
        if not all(given.get(name) for name in ("ssid", "server", "code")):
            return self.shown(said("Fill in the Wi-Fi, the server and the code."), given)
        try:
            _addressed(given)
        except Failed as error:
            return self.shown(str(error), given, wrong=error.field)
        self.joining = True
        timer = threading.Timer(GOODBYE_S, self._join, (point, given))
        timer.daemon = True
        timer.start()
        return paper.leaving()

    def _join(self, point: str, given: Fields) -> None:
        """The access point goes down, and comes back unless the device is enrolled."""
        with self.lock:
            self.joining = False
            if not self.enrolled:  # meanwhile, by cable or by hand
                try:
                    self._attempt("/wifi", given, leave=point)
                except Failed as error:
                    self.last = str(error)
            if self.enrolled:
                end_access_point(point)
            else:
                open_access_point(point)

    def _attempt(self, path: str, given: Fields, *, leave: str | None = None) -> EnrolAnswer | None:
        """Connect and enrol; None: connected, and no code was given. Raises Failed, also for what
        nobody foresaw: whoever stands there is always told."""
        try:
            if given.get("code"):
                _addressed(given)
            if leave is not None:
                leave_access_point(leave)
            if path != "/enrol":
                self._connect(path, given)
                if not given.get("code"):
                    return None
            return self._enrol(given)
        except Failed:
            raise
        except Exception as error:
            log.exception("The set-up failed.")
            words = "Something went wrong: {why}. More is in vang-node logs."
            raise Failed(said(words, why=str(error) or type(error).__name__)) from None

    def _tried(self, path: str, given: Fields) -> str:
        try:
            answer = self._attempt(path, given)
        except Failed as error:
            return self.shown(str(error), given, wrong=error.field)
        if answer is None:
            return self.shown(said("Connected."), given, well=True)
        return paper.enrolled(answer)

    def _connect(self, path: str, given: Fields) -> None:
        try:
            if path == "/wifi":
                _filled(given, "ssid")
                connect_wifi(given["ssid"], given.get("password", ""))
            else:
                _filled(given, "apn")
                connect_mobile(given["apn"])
        except NotConnected as error:
            raise Failed(said("Not connected: {why}", why=str(error))) from None

    def _enrol(self, given: Fields) -> EnrolAnswer:
        if self.enrolled:
            words = said("This loudspeaker is enrolled already: the set-up page stays closed.")
            raise Failed(words)
        try:
            _filled(given, "server", "code")
            return enrol(
                self.home, server=given["server"].rstrip("/"), code=given["code"],
                name=platform.node(),
            )  # fmt: skip
        except JournalFailed as error:
            words = said("Enrolled, but the journal cannot be kept: {why}", why=error)
            raise Failed(words) from None
        except Refused as error:
            why = refusal(error)
        except (NotConnected, HomeUnfit, Unreachable, OSError) as error:
            why = str(error)
        raise Failed(said("The loudspeaker could not be enrolled: {why}", why=why))

    def shown(
        self, told: str = "", given: Fields | None = None, *, well: bool = False, wrong: str = ""
    ) -> str:
        """``wrong``: the field that ``told`` is about."""
        return paper.form(self.token, told or self.last, given or {}, well=well, wrong=wrong)


class Failed(Exception):
    """The text says what, for whoever holds the telephone; ``field``: about which field."""

    def __init__(self, text: str, *, field: str = "") -> None:
        super().__init__(text)
        self.field = field


def _addressed(given: Fields) -> None:
    try:
        check_address(given.get("server", ""))
    except HomeUnfit as error:
        raise Failed(str(error), field="server") from None


def _filled(given: Fields, *names: str) -> None:
    if not all(given.get(name) for name in names):
        raise NotConnected(said("Fill in every field of this part."))
