"""Addresses of stations."""

from django.urls import path

from vang.stations import views

app_name = "stations"
urlpatterns = [
    path("", views.cluster_list, name="list"),
    path("live", views.live, name="live"),
    path("new", views.new, name="new"),
    path("<int:pk>", views.detail, name="detail"),
    path("<int:pk>/change", views.change, name="change"),
    path("<int:pk>/code", views.code, name="code"),
    path("<int:pk>/virtual", views.virtual, name="virtual"),
    path("<int:pk>/codes/<int:code_pk>", views.arrival, name="arrival"),
    path("<int:pk>/confirm", views.confirm, name="confirm"),
    path("<int:pk>/suspend", views.suspend_device, name="suspend"),
    path("<int:pk>/trust-again", views.trust_device_again, name="trust-again"),
    path("<int:pk>/retire", views.retire, name="retire"),
]
