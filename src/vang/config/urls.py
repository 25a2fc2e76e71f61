"""One line a room."""

from django.urls import include, path
from django.views.i18n import set_language

from vang.base.theme import set_theme
from vang.channels.discovery import channels_with_addresses
from vang.connections.api import api
from vang.connections.views import no_such_address

urlpatterns = [
    path("", include("vang.desk.urls")),
    path("language", set_language, name="set_language"),
    path("appearance", set_theme, name="set_theme"),
    path("help/", include("vang.help.urls")),
    path("account/", include("vang.people.urls")),
    path("account/", include("vang.people.library_urls")),
    path("notices/", include("vang.notices.urls")),
    path("trust/", include("vang.trust.urls")),
    path("journal/", include("vang.chronicle.urls")),
    path("relays/carried/", include("vang.carriages.urls")),
    path("relays/recorded/", include("vang.captures.urls")),
    path("relays/", include("vang.relays.urls")),
    path("upstream/", include("vang.upstream.urls")),
    path("bulletins/", include("vang.bulletins.urls")),
    path("library/", include("vang.library.urls")),
    path("voice/", include("vang.voice.urls")),
    path("takes/", include("vang.takes.urls")),
    path("phrases/", include("vang.phrases.urls")),
    path("studio/", include("vang.studio.urls")),
    path("airtime/", include("vang.airtime.urls")),
    path("alerts/", include("vang.alerts.urls")),
    path("live/", include("vang.live.urls")),
    path("stations/", include("vang.stations.urls")),
    path("rollouts/", include("vang.rollouts.urls")),
    path("as-run/", include("vang.evidence.urls")),
    path("repairs/", include("vang.repairs.urls")),
    path("calendar/", include("vang.airtime.feed_urls")),
    path("pages/", include("vang.channels.portal.public_urls")),
    path("channels/", include("vang.channels.urls")),
    *(
        path(f"channels/{name}/", include(f"vang.channels.{name}.urls"))
        for name in channels_with_addresses()
    ),
    path("claims/", include("vang.claims.urls")),
    path("documents/", include("vang.documents.urls")),
    path("equipment/", include("vang.equipment.urls")),
    path("guidance/", include("vang.guidance.urls")),
    path("editorial/", include("vang.editorial.urls")),
    path("plans/", include("vang.plans.urls")),
    path("pool/", include("vang.pool.urls")),
    path("units/", include("vang.mergers.urls")),
    path("figures/", include("vang.figures.urls")),
    path("reports/", include("vang.reports.urls")),
    path("connections/", include("vang.connections.urls")),
    path("api/v1/", api.urls),
    path("api/v1/<path:rest>", no_such_address),
    path("api/node/v1/", include("vang.dispatch.api_urls")),
    path("api/node/v1/", include("vang.evidence.api_urls")),
    path("api/node/v1/", include("vang.rollouts.api_urls")),
    path("api/node/v1/", include("vang.live.api_urls")),
]
