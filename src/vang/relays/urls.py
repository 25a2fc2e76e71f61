"""Addresses of stations to relay."""

from django.urls import path

from vang.relays import views

app_name = "relays"
urlpatterns = [
    path("", views.station_list, name="list"),
    path("<int:pk>", views.station_page, name="station"),
    path("<int:pk>/end", views.end, name="end"),
    path("sources/<int:pk>/try", views.try_now, name="try"),
    path("sources/<int:pk>/prefer", views.prefer, name="prefer"),
    path("sources/<int:pk>/end", views.end_source, name="end-source"),
]
