"""Addresses of the register of claims."""

from django.urls import path

from vang.claims import views

app_name = "claims"
urlpatterns = [
    path("", views.claim_list, name="list"),
    path("new", views.new, name="new"),
    path("limits", views.limits, name="limits"),
    path("<int:pk>", views.claim_page, name="claim"),
    path("<int:pk>/edit", views.edit, name="edit"),
    path("<int:pk>/steps", views.step, name="step"),
    path("<int:pk>/evidence", views.evidence, name="evidence"),
    path("<int:pk>/evidence/<int:file_pk>", views.file, name="file"),
    path("<int:pk>/sources", views.source, name="source"),
    path("<int:pk>/sources/<int:source_pk>/remove", views.remove_source, name="remove-source"),
    path("<int:pk>/verdict", views.verdict, name="verdict"),
    path("<int:pk>/answer", views.answer, name="answer"),
    path("<int:pk>/unanswered", views.unanswered, name="unanswered"),
    path("<int:pk>/close", views.close, name="close"),
]
