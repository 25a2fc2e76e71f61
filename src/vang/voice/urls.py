"""Addresses of the voice room."""

from django.urls import path

from vang.voice import views

app_name = "voice"
urlpatterns = [
    path("", views.voices, name="voices"),
    path("sounds/<int:pk>.ogg", views.sound, name="sound"),
    path("try", views.try_sentence, name="try"),
    path("pronunciations", views.pronunciations, name="pronunciations"),
    path("pronunciations/export", views.export_pronunciations, name="export-pronunciations"),
    path("pronunciations/import", views.import_pronunciations, name="import-pronunciations"),
    path("pronunciations/<int:pk>", views.edit_pronunciation, name="edit-pronunciation"),
    path("pronunciations/<int:pk>/remove", views.remove_pronunciation, name="remove-pronunciation"),
]
