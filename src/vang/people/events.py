"""Who wants to know what happens to accounts: registries, filled at start-up by rooms above.

The callables run inside the transaction of the act.
"""

from collections.abc import Callable
from datetime import date, datetime

from vang.orgs.models import Unit
from vang.people.models import Delegation, Membership, Person

RoleGiven = Callable[[Membership, Person | None, datetime], None]
"""The role, who gave it (None: the installation itself), when."""
role_given: list[RoleGiven] = []

AccountChanged = Callable[[Person, str, datetime], None]
"""Whose account, what changed (a key of notices' words), when."""
account_changed: list[AccountChanged] = []

NewDevice = Callable[[Person, str, str, datetime], None]
"""Who signed in, with which browser (words), from which address, when."""
new_device: list[NewDevice] = []

SecondFactorRequired = Callable[[list[Person], Unit, date, Person, datetime], None]
"""People without one, the unit, from which day, who decided, when."""
second_factor_required: list[SecondFactorRequired] = []

Delegated = Callable[[Delegation, Person, datetime], None]
"""The new delegation, who entered it, when."""
delegated: list[Delegated] = []
