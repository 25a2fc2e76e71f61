"""Addresses of the newsroom."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, path

from vang.bulletins.views import (
    correcting,
    judging,
    keeping,
    leases,
    listing,
    remarks,
    reviewing,
    wording,
    writing,
)

app_name = "bulletins"


def _each_part(root: str, view: Callable[..., HttpResponse], name: str) -> list[URLPattern]:
    """A language for every channel, or one channel's own words in it."""
    return [
        path(f"{root}/<str:language>", view, name=name),
        path(f"{root}/<str:language>/<str:channel>", view, name=name),
    ]


urlpatterns = [
    path("", listing.bulletin_list, name="list"),
    path("help", listing.help_page, name="help"),
    path("new", writing.new_bulletin, name="new"),
    path("autosave", keeping.autosave, name="autosave-new"),
    path("draft/discard", keeping.discard, name="discard-new"),
    path("preview", writing.preview, name="preview"),
    path("<int:pk>", reviewing.bulletin_detail, name="detail"),
    path("<int:pk>/edit", writing.edit_bulletin, name="edit"),
    path("<int:pk>/autosave", keeping.autosave, name="autosave"),
    path("<int:pk>/draft/discard", keeping.discard, name="discard"),
    path("<int:pk>/take-over", leases.take_over, name="take-over"),
    *_each_part("<int:pk>/wordings-take-over", leases.take_over, "take-over-wording"),
    path("<int:pk>/wordings", wording.wordings, name="wordings"),
    *_each_part("<int:pk>/wordings", wording.wording, "wording"),
    *_each_part("<int:pk>/wordings-autosave", keeping.autosave, "autosave-wording"),
    *_each_part("<int:pk>/wordings-discard", keeping.discard, "discard-wording"),
    path("topics", judging.topics, name="topics"),
    path("<int:pk>/sensitive", judging.sensitive, name="sensitive"),
    path("<int:pk>/remarks", remarks.add, name="add-remark"),
    path("<int:pk>/remarks/<int:remark>/answer", remarks.answer, name="answer-remark"),
    path("<int:pk>/remarks/<int:remark>/settle", remarks.settle, name="settle-remark"),
    path("<int:pk>/review", reviewing.review_page, name="review"),
    path("<int:pk>/sound", reviewing.sound_part, name="sound"),
    path("<int:pk>/sound/make", reviewing.make_sound, name="make-sound"),
    path("<int:pk>/versions/<int:number>", reviewing.version_page, name="version"),
    path("<int:pk>/submit", reviewing.submit, name="submit"),
    path("<int:pk>/approve", reviewing.approve, name="approve"),
    path("<int:pk>/return", reviewing.send_back, name="return"),
    path("<int:pk>/withdraw", reviewing.withdraw, name="withdraw"),
    path("<int:pk>/correct", correcting.correct, name="correct"),
    path("<int:pk>/correct/give-up", reviewing.give_up, name="give-up"),
]
