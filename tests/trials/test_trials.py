"""A trial is heard at one place, says that it is one, and goes nowhere else."""

from datetime import datetime

import pytest
from django.test import Client

from tests.airtime.factories import three_clusters
from tests.airtime.wanting import DAY, at
from tests.bulletins import newsroom
from tests.people.entering import entered
from tests.refusals import refused
from vang.airtime.queries import day_timeline
from vang.airtime.services import place_now
from vang.bulletins.content import Content
from vang.bulletins.models import Bulletin, Delivery
from vang.bulletins.services import release_bulletin, save_version
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.models import Cluster
from vang.trials.models import Trial
from vang.trials.services import MOST_WORDS, announced, start_trial

NOW = at("16:40")


@pytest.fixture
def office(xa_a: Unit) -> Cluster:
    three_clusters(xa_a)
    return Cluster.objects.filter(unit=xa_a).earliest("code")


def tried(office: Cluster, writer: Person, words: str = "") -> Bulletin:
    bulletin = start_trial(cluster=office, words=words, by=writer, now=NOW)
    newsroom.allow_trial_voice(office.unit, NOW)
    newsroom.make_ready(bulletin, NOW)
    return newsroom.reread(bulletin)


def test_it_says_that_it_is_one_at_the_beginning_and_at_the_end() -> None:
    first, own, last = announced("Xã Quế Thuận", "Loa phòng Văn hóa", "Một, hai, ba.").split("\n")
    assert first.startswith("Đây là buổi phát thử của đài truyền thanh xã Quế Thuận")
    assert own == "Một, hai, ba."
    assert "chỉ là buổi phát thử" in last


def test_it_waits_for_an_approver_and_is_heard_at_one_place_only(
    office: Cluster, an: Person, binh: Person
) -> None:
    bulletin = tried(office, an)
    assert bulletin.state == Bulletin.State.IN_REVIEW
    newsroom.approved(bulletin, binh, NOW)
    edition = release_bulletin(bulletin=newsroom.reread(bulletin), by=an, now=NOW)
    place_now(edition=edition, by=an, now=NOW)
    (item,) = day_timeline(office.unit, DAY).items
    assert set(item.clusters) == {office.code}


def test_no_channel_but_the_loudspeaker_gets_it(
    office: Cluster, an: Person, binh: Person, now: datetime
) -> None:
    def channels_of(bulletin: Bulletin) -> set[str]:
        newsroom.approved(bulletin, binh, NOW)
        edition = release_bulletin(bulletin=newsroom.reread(bulletin), by=an, now=NOW)
        return set(Delivery.objects.filter(edition=edition).values_list("channel", flat=True))

    newsroom.allow_trial_voice(office.unit, NOW)
    usual = channels_of(newsroom.submitted(office.unit, an, now))
    assert "portal" in usual
    assert channels_of(tried(office, an)) == usual & {"speaker"}


def test_its_words_stay_as_they_are(office: Cluster, an: Person) -> None:
    bulletin = tried(office, an)
    content = Content(title="Khác", text="Họp thôn tối nay.")
    with refused("trial-fixed"):
        save_version(bulletin=bulletin, content=content, based_on=1, by=an, now=NOW)
    assert newsroom.current(bulletin).text.startswith("Đây là buổi phát thử")


def test_long_words_a_closed_place_and_a_stranger_are_refused(
    office: Cluster, an: Person, chi: Person
) -> None:
    with refused("trial-too-long"):
        start_trial(cluster=office, words="x" * (MOST_WORDS + 1), by=an, now=NOW)
    with refused("not-a-writer"):
        start_trial(cluster=office, words="", by=chi, now=NOW)
    office.active = False
    with refused("cluster-inactive"):
        start_trial(cluster=office, words="", by=an, now=NOW)
    assert not Trial.objects.exists()
    assert not Bulletin.objects.exists()


def test_its_pages_name_the_place_instead_of_the_whole_commune(
    client: Client, office: Cluster, an: Person, binh: Person
) -> None:
    bulletin = tried(office, an)
    page = entered(client, an).get(f"/bulletins/{bulletin.pk}").content.decode()
    assert "Phát thử trong phòng" in page
    assert office.code not in page
    newsroom.approved(bulletin, binh, NOW)
    place = client.get(f"/airtime/place/{bulletin.pk}").content.decode()
    assert office.name in place
    assert "Toàn xã" not in place
