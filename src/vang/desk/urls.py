"""Addresses of desk."""

from django.urls import path

from vang.desk import search_views, start_views, undoing, views
from vang.desk.health import health
from vang.desk.who_may import who_may

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("communes", views.communes, name="communes"),
    path("search", search_views.search, name="search"),
    path("palette", search_views.palette, name="palette"),
    path("opened", search_views.note_opened, name="opened"),
    path("later", views.later, name="later"),
    path("later/now", views.now_again, name="now-again"),
    path("rights", who_may, name="rights"),
    path("start", start_views.start, name="start"),
    path("start/steps", start_views.steps, name="start-steps"),
    path("start/close", start_views.close, name="start-close"),
    path("start/villages", start_views.name_villages, name="start-villages"),
    path("start/loudspeaker", start_views.loudspeaker, name="start-loudspeaker"),
    path("start/loudspeaker/<int:pk>/virtual", start_views.virtual, name="start-virtual"),
    path("start/trial", start_views.trial, name="start-trial"),
    path("start/write-too", start_views.write_too, name="start-write-too"),
    path("health", health, name="health"),
    path("undo", undoing.take_back, name="undo"),
    path("undo/keep", undoing.leave_it, name="leave-it"),
]
