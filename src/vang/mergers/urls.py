"""Addresses of administrative units through time."""

from django.urls import path

from vang.mergers.views import bringing, changing

app_name = "mergers"
urlpatterns = [
    path("", changing.units, name="list"),
    path("new", changing.new, name="new"),
    path("<int:pk>", changing.change, name="change"),
    path("<int:pk>/decide", changing.decide, name="decide"),
    path("<int:pk>/cancel", changing.cancel, name="cancel"),
    path("list", bringing.bring, name="bring"),
    path("list/<int:pk>", bringing.brought, name="brought"),
    path("list/<int:pk>/confirm", bringing.confirm, name="confirm"),
]
