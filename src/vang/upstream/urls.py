"""Addresses of warnings received from above."""

from django.urls import path

from vang.upstream import views

app_name = "upstream"
urlpatterns = [
    path("", views.received_list, name="list"),
    path("bring", views.bring, name="bring"),
    path("feeds", views.feed_list, name="feeds"),
    path("feeds/<int:pk>/end", views.end_feed, name="end-feed"),
    path("<int:pk>", views.received_page, name="received"),
    path("<int:pk>/file", views.file, name="file"),
    path("<int:pk>/begin", views.begin, name="begin"),
    path("<int:pk>/dismiss", views.dismiss, name="dismiss"),
]
