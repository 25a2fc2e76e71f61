"""Addresses of guidance."""

from django.urls import path

from vang.guidance import views

app_name = "guidance"
urlpatterns = [
    path("", views.guidance_list, name="list"),
    path("new", views.new, name="new"),
    path("beside", views.beside, name="beside"),
    path("<int:pk>", views.note_page, name="note"),
    path("<int:pk>/edit", views.edit, name="edit"),
    path("<int:pk>/attach", views.attach, name="attach"),
    path("<int:pk>/files/<int:file_pk>", views.file, name="file"),
    path("<int:pk>/files/<int:file_pk>/remove", views.remove, name="remove"),
    path("<int:pk>/issue", views.issue, name="issue"),
    path("<int:pk>/revoke", views.revoke, name="revoke"),
    path("<int:pk>/read", views.read, name="read"),
    path("<int:pk>/receipts", views.receipt_page, name="receipts"),
    path("<int:pk>/remind", views.remind, name="remind"),
]
