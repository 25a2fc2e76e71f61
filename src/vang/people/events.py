"""Who wants to know what happens to accounts: registries, filled at start-up by rooms above.

The callables run inside the transaction of the act.
"""

from collections.abc import Callable
from datetime import datetime

from vang.people.models import Membership, Person

RoleGiven = Callable[[Membership, Person | None, datetime], None]
"""The role, who gave it (None: the installation itself), when."""
role_given: list[RoleGiven] = []
