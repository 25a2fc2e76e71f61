"""Addresses of roll-outs."""

from django.urls import path

from vang.rollouts import views

app_name = "rollouts"
urlpatterns = [
    path("", views.rollout_list, name="list"),
    path("new", views.new, name="new"),
    path("<int:pk>", views.detail, name="detail"),
    path("<int:pk>/approve", views.approve, name="approve"),
    path("<int:pk>/refuse", views.refuse, name="refuse"),
    path("<int:pk>/pause", views.pause, name="pause"),
    path("<int:pk>/resume", views.resume, name="resume"),
    path("<int:pk>/end", views.end, name="end"),
    path("<int:pk>/back", views.back, name="back"),
    path("<int:pk>/again/<int:turn_pk>", views.again, name="again"),
]
