"""Who makes a warning of our own from a received one: a registry, filled at start-up.

While it is empty the button does not show.
"""

from collections.abc import Callable
from datetime import datetime

from vang.orgs.models import Unit
from vang.people.models import Person
from vang.upstream.models import Received

Maker = Callable[[Received, Unit, Person, datetime], str]
"""Makes a draft inside the transaction and gives the address of its page. Raises Refusal."""

makers: list[Maker] = []
