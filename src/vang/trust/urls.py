"""Addresses of keys and of the policy."""

from django.urls import path

from vang.trust import views

app_name = "trust"
urlpatterns = [
    path("", views.policy, name="policy"),
    path("keys/own", views.own, name="own"),
    path("keys/own/register", views.register, name="register"),
    path("keys", views.keys, name="keys"),
    path("keys/<int:pk>/approve", views.approve, name="approve"),
    path("keys/<int:pk>/revoke", views.revoke, name="revoke"),
]
