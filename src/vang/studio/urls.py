"""Addresses of the studio."""

from django.urls import path

from vang.studio import notice_views, views

app_name = "studio"
urlpatterns = [
    path("hints", views.show_hints, name="hints"),
    path("notices", notice_views.notice_list, name="notices"),
    path("notices/<slug:name>", notice_views.notice_page, name="notice"),
    path("<int:pk>", views.studio, name="studio"),
    path("<int:pk>/begin", views.begin, name="begin"),
    path("<int:pk>/takes/<int:take_pk>", views.result, name="result"),
    path("<int:pk>/takes/<int:take_pk>/use", views.use, name="use"),
    path("<int:pk>/heard", views.heard, name="heard"),
    path("<int:pk>/listen", views.listen, name="listen"),
    path("<int:pk>/file", views.upload, name="upload"),
]
