from django.urls import path

from vang.documents.views import campaigns, register

app_name = "documents"

urlpatterns = [
    path("", register.register, name="list"),
    path("new", register.new, name="new"),
    path("<int:pk>", register.document, name="document"),
    path("<int:pk>/edit", register.edit, name="edit"),
    path("<int:pk>/end", register.end, name="end"),
    path("<int:pk>/send", register.send, name="send"),
    path("<int:pk>/receive", register.receive, name="receive"),
    path("<int:pk>/bases/<int:basis_pk>/keep", register.keep, name="keep"),
    path("<int:pk>/attach", register.attach, name="attach"),
    path("<int:pk>/files/<int:file_pk>", register.file, name="file"),
    path("<int:pk>/files/<int:file_pk>/remove", register.remove, name="remove"),
    path("<int:pk>/campaign", campaigns.start, name="start"),
    path("campaigns/<int:pk>", campaigns.campaign, name="campaign"),
    path("campaigns/<int:pk>/confirm", campaigns.confirm, name="confirm"),
    path("campaigns/<int:pk>/session", campaigns.session, name="session"),
    path("campaigns/<int:pk>/close", campaigns.close, name="close"),
    path("campaigns/<int:pk>/remind", campaigns.remind, name="remind"),
]
