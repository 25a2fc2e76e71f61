"""Addresses of the register of claims."""

from django.urls import path

from vang.claims.views import checking, deciding, listing, noting, showing

app_name = "claims"
urlpatterns = [
    path("", listing.claim_list, name="list"),
    path("new", noting.new, name="new"),
    path("limits", deciding.limits, name="limits"),
    path("<int:pk>", showing.claim_page, name="claim"),
    path("<int:pk>/edit", noting.edit, name="edit"),
    path("<int:pk>/steps", checking.step, name="step"),
    path("<int:pk>/evidence", checking.evidence, name="evidence"),
    path("<int:pk>/evidence/<int:file_pk>", checking.file, name="file"),
    path("<int:pk>/sources", checking.source, name="source"),
    path("<int:pk>/sources/<int:source_pk>/remove", checking.remove_source, name="remove-source"),
    path("<int:pk>/verdict", deciding.verdict, name="verdict"),
    path("<int:pk>/answer", deciding.answer, name="answer"),
    path("<int:pk>/unanswered", deciding.unanswered, name="unanswered"),
    path("<int:pk>/close", deciding.close, name="close"),
]
