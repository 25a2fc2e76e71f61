"""Addresses of live voices."""

from django.urls import path

from vang.live import views

app_name = "live"
urlpatterns = [
    path("", views.session_list, name="list"),
    path("new", views.new, name="new"),
    path("leave", views.permissions, name="permissions"),
    path("leave/<int:pk>/withdraw", views.withdraw, name="withdraw"),
    path("<int:pk>", views.session_page, name="session"),
    path("<int:pk>/sign", views.sign, name="sign"),
    path("<int:pk>/part", views.part, name="part"),
    path("<int:pk>/stop", views.stop, name="stop"),
    path("<int:pk>/words", views.words, name="words"),
    path("<int:pk>/recording", views.recording, name="recording"),
]
