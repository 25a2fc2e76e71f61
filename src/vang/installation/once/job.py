"""Start an installation of its own, tell the story, judge what was captured, and end."""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from vang.installation.options import RunOptions
from vang.installation.preflight import CannotStart, free_port
from vang.installation.sections import NoSuchSection, section
from vang.installation.supervisor import Installation

_NODES_ONLINE_S = 30.0
_PAGE_S = 20.0
_JOURNALS_S = 90.0


def once(file: Path, *, number: str | None, data: Path | None, nodes: int) -> int:
    """The exit code: 0 only if every node's journal verifies, what each captured is the approved
    sound, and the public page exists. Raises CannotStart."""
    return _in_an_installation(data, nodes, lambda made: _broadcast(file, number, made))


def once_alert(file: Path, *, data: Path | None, nodes: int) -> int:
    """The exit code: 0 only if two people's order was heard from every node, with its announcement,
    and the evidence verifies without the installation. Raises CannotStart."""
    return _in_an_installation(data, nodes, lambda made: _exercise(file, made))


def _in_an_installation(data: Path | None, nodes: int, work: Callable[[Installation], int]) -> int:
    folder = data or Path(tempfile.mkdtemp(prefix="vang-once-"))
    port = free_port("127.0.0.1")
    options = RunOptions(folder.resolve(), port, nodes, "127.0.0.1", empty=False)
    with Installation(options, purpose="once", say=_say) as installation:
        os.environ.update(installation.environment)
        import django  # noqa: PLC0415 - settings are read from the environment just made

        django.setup()
        return work(installation)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _read(file: Path, number: str | None) -> tuple[str, str]:
    """Title and text of the file, imported as the console imports it."""
    from vang.base.refusals import Refusal  # noqa: PLC0415
    from vang.library.documents import read_document  # noqa: PLC0415

    try:
        document = read_document(file.read_bytes())
        text = section(document.text, number) if number else document.text
    except (OSError, Refusal, NoSuchSection) as error:
        raise CannotStart(f"{file}: {error}") from error
    title = f"{document.title} – Mục {number}" if number else document.title
    return title[:200], text


def _broadcast(file: Path, number: str | None, installation: Installation) -> int:
    from vang.base.clock import SystemClock  # noqa: PLC0415
    from vang.base.refusals import Refusal  # noqa: PLC0415
    from vang.bulletins.content import Content  # noqa: PLC0415
    from vang.installation.once import proof, story  # noqa: PLC0415

    title, text = _read(file, number)
    nodes = len(installation.facts["nodes"])
    wait = _waiter(installation)
    try:
        wait("the nodes to come online", lambda: proof.nodes_online() == nodes, _NODES_ONLINE_S)
        told = story.tell(Content(title, text), clock=SystemClock(), wait=wait, say=_say)
        page = proof.page_of(told.edition)
        wait("the public page", lambda: proof.page_tells(page, told), _PAGE_S)
    except (Refusal, story.DidNotHappen) as error:
        raise CannotStart(f"It did not work: {error}") from error
    return proof.report(told, page, installation.options.data, nodes)


def _exercise(file: Path, installation: Installation) -> int:
    from vang.base.clock import SystemClock, local_date  # noqa: PLC0415
    from vang.base.refusals import Refusal  # noqa: PLC0415
    from vang.installation.demonstration import HOME_COMMUNE  # noqa: PLC0415
    from vang.installation.once import alert_file, alert_proof, alert_story  # noqa: PLC0415
    from vang.installation.once.story import DidNotHappen  # noqa: PLC0415
    from vang.orgs.models import Unit  # noqa: PLC0415
    from vang_protocol.reasons import Refused  # noqa: PLC0415

    clock, wait = SystemClock(), _waiter(installation)
    unit = Unit.objects.get(code=HOME_COMMUNE)
    try:
        wanted = alert_file.read_alert_file(file, unit, local_date(clock.now()))
    except (OSError, Refused, Refusal) as error:
        raise CannotStart(f"{file}: {error}") from error
    try:
        told = alert_story.tell_alert(unit, wanted, clock=clock, wait=wait, say=_say)
        wait("the nodes' journals", lambda: alert_proof.journals_tell(told), _JOURNALS_S)
    except (Refusal, Refused, DidNotHappen) as error:
        raise CannotStart(f"It did not work: {error}") from error
    nodes, data = len(installation.facts["nodes"]), installation.options.data
    return alert_proof.report_alert(told, data, now=clock.now(), nodes=nodes)


def _waiter(installation: Installation) -> Callable[[str, Callable[[], bool], float], None]:
    from vang.installation.once.story import DidNotHappen  # noqa: PLC0415

    def wait(what: str, so: Callable[[], bool], longest_s: float) -> None:
        _say(f"waiting for {what} …")
        deadline = time.monotonic() + longest_s
        while not so():
            for child in installation.children:
                if told := child.revive(time.monotonic()):
                    _say(told)
            if time.monotonic() > deadline:
                raise DidNotHappen(f"{what}: not within {longest_s:.0f} s")
            time.sleep(0.2)

    return wait
