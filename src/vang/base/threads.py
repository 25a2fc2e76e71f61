"""What people say to each other about a thing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Remark:
    """One comment. ``quote`` is the passage that it speaks of, ``state`` a key of base.states or
    "". The addresses take a POST (``text``); without one its button is not shown."""

    key: str
    author: str
    at: datetime
    text: str
    quote: str = ""
    state: str = ""
    replies: Sequence["Remark"] = field(default=())
    reply_url: str = ""
    settle_url: str = ""
    settle_label: str = ""
