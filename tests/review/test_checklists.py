"""The lists of what is confirmed by name: complete, and asked where they should be."""

import pytest
from django.utils import translation

from vang.bulletins.models import Advert, Category
from vang.review.checklists import ANY, checklists, checklists_for, unconfirmed
from vang.review.verbs import APPROVE, SUBMIT


def asked(category: str = "DIRECTION", advert: str = "", *, sensitive: bool = False) -> list[str]:
    found = checklists_for("submit", category, advert, sensitive=sensitive)
    return [one.code for one in found]


def test_an_ordinary_notice_is_asked_nothing() -> None:
    assert asked() == []


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ({"category": "SECURITY"}, ["state-secret"]),
        ({"sensitive": True}, ["state-secret"]),
        ({"advert": "RECRUITMENT"}, ["advertisement", "recruitment"]),
        ({"advert": "ENROLMENT"}, ["advertisement", "enrolment"]),
        ({"advert": "WELFARE"}, ["advertisement", "welfare"]),
        ({"category": "LOCAL_PRODUCTS"}, ["local-products"]),
        ({"category": "SECURITY", "advert": "WELFARE"},
         ["state-secret", "advertisement", "welfare"]),
    ],
)  # fmt: skip
def test_what_is_asked_follows_from_what_it_is(kind: dict, codes: list[str]) -> None:
    assert asked(**kind) == codes


def test_the_lists_speak_of_things_that_exist_and_both_languages() -> None:
    keys = [item.key for one in checklists() for item in one.items]
    assert len(set(keys)) == len(keys)
    for one in checklists():
        assert one.categories <= set(Category)
        assert one.adverts <= {*Advert, ANY}
        assert one.asked_at <= {SUBMIT.name, APPROVE.name}
        for said in (one.title, *(item.words for item in one.items)):
            assert said.vi
            assert said.en != said.vi


def test_a_recruitment_may_name_four_things_and_no_product() -> None:
    lists = {one.code: one for one in checklists()}
    with translation.override("vi"):
        assert "vị trí, số lượng, yêu cầu" in str(lists["recruitment"].items[0].words)
        assert "giá" in str(lists["advertisement"].items[0].words)


def test_what_is_open_is_named() -> None:
    lists = checklists_for("approve", "SECURITY", "", sensitive=False)
    keys = [item.key for one in lists for item in one.items]
    assert [item.key for item in unconfirmed(lists, keys[1:])] == keys[:1]
    assert unconfirmed(lists, keys) == []
