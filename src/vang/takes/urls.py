"""Addresses of the recording room; only scripts call them."""

from django.urls import path

from vang.takes import views

app_name = "takes"
urlpatterns = [
    path("clips", views.new_clip, name="new-clip"),
    path("clips/<uuid:key>", views.clip_part, name="clip"),
    path("clips/<uuid:key>/sound", views.clip_sound, name="clip-sound"),
    path("<int:pk>", views.take_state, name="take"),
    path("<int:pk>/recording", views.take_recording, name="recording"),
    path("<int:pk>/change", views.change_take, name="change"),
]
