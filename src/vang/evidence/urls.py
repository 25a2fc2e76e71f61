"""Addresses of evidence."""

from django.urls import path

from vang.evidence import views

app_name = "evidence"
urlpatterns = [
    path("", views.as_run_list, name="list"),
    path("live", views.live, name="live"),
    path("export.csv", views.export_csv, name="export-csv"),
    path("export.xlsx", views.export_xlsx, name="export-xlsx"),
    path("journals", views.journal_list, name="journals"),
    path("journals/<str:pk>/verify", views.verify, name="verify"),
]
