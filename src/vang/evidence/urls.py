"""Addresses of evidence."""

from django.urls import path

from vang.evidence import views
from vang.evidence.logbook import views as logbook

app_name = "evidence"
urlpatterns = [
    path("", views.as_run_list, name="list"),
    path("live", views.live, name="live"),
    path("export.csv", views.export_csv, name="export-csv"),
    path("export.xlsx", views.export_xlsx, name="export-xlsx"),
    path("logbook", logbook.page, name="logbook"),
    path("logbook.pdf", logbook.as_pdf, name="logbook-pdf"),
    path("logbook.xlsx", logbook.as_xlsx, name="logbook-xlsx"),
    path("journals", views.journal_list, name="journals"),
    path("journals/<str:pk>/verify", views.verify, name="verify"),
]
