"""Addresses of accounts."""

from django.urls import path

from vang.people import views

app_name = "people"
urlpatterns = [
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("unit", views.choose, name="choose-unit"),
    path("", views.own_account, name="account"),
    path("people", views.people, name="list"),
    path("offices", views.office_list, name="offices"),
    path("offices/<int:office_pk>/desk", views.give_desk, name="open-desk"),
    path("people/<int:person_pk>/password", views.reset, name="reset"),
    path("roles/<int:membership_pk>/end", views.end, name="end-role"),
]
