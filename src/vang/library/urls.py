"""Addresses of the library."""

from django.urls import path

from vang.library.views import documents, files, items

app_name = "library"
urlpatterns = [
    path("", items.item_list, name="list"),
    path("add", items.add_items, name="add"),
    path("<int:pk>", items.item_detail, name="detail"),
    path("<int:pk>/state", items.item_state, name="state"),
    path("<int:pk>/about", items.edit_about, name="about"),
    path("<int:pk>/retry", items.retry, name="retry"),
    path("<int:pk>/archive", items.archive, name="archive"),
    path("<int:pk>/restore", items.restore, name="restore"),
    path("<int:pk>/delete", items.delete, name="delete"),
    path("<int:pk>/picture/<str:size>.<str:form>", files.picture, name="picture"),
    path("<int:pk>/original", files.original, name="original"),
    path("<int:pk>/text", documents.document_text, name="text"),
    path("<int:pk>/fields/sure", documents.accept_sure, name="accept-sure"),
    path("<int:pk>/fields/<int:field>", documents.decide, name="decide"),
]
