"""A database is brought up to date, and one of a newer Vang is left alone."""

import pytest

from vang.installation.database import prepare_database, refuse_newer
from vang.installation.preflight import CannotStart

KNOWN = {("orgs", "0001_initial"), ("people", "0001_initial")}


@pytest.mark.django_db
def test_database_that_is_up_to_date_needs_no_step() -> None:
    assert prepare_database() == 0


def test_step_of_a_newer_version_is_refused() -> None:
    refuse_newer(KNOWN, KNOWN)
    with pytest.raises(CannotStart, match=r"newer version of Vang \(orgs\.0099_later\)"):
        refuse_newer({*KNOWN, ("orgs", "0099_later")}, KNOWN)
