"""Addresses that nodes call."""

from django.urls import path

from vang.dispatch import api, internal, trust

app_name = "node_api"
urlpatterns = [
    path("enrol", api.enrol, name="enrol"),
    path("challenge", api.challenge, name="challenge"),
    path("session", api.session, name="session"),
    path("paths", api.paths, name="paths"),
    path("plan", api.plan, name="plan"),
    path("files/<str:sha256>", api.file, name="file"),
    path("state", api.state, name="state"),
    path("trust/<path:path>", trust.trust_file, name="trust"),
    path("beacon", trust.beacon, name="beacon"),
    path("commands", api.commands, name="commands"),
    path("pinned", api.pinned, name="pinned"),
    path("receipts", api.receipts, name="receipts"),
    path("internal/receipts", internal.receipts, name="internal-receipts"),
    path("internal/states", internal.states, name="internal-states"),
]
