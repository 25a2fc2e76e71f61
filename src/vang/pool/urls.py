"""Addresses of the pool."""

from django.urls import path

from vang.pool.views import asking, giving, taking

app_name = "pool"
urlpatterns = [
    path("", taking.offer_list, name="list"),
    path("given", giving.given, name="given"),
    path("offer/<int:bulletin_pk>", giving.new, name="new"),
    path("<int:pk>", taking.offer_page, name="offer"),
    path("<int:pk>/sound", taking.sound, name="sound"),
    path("<int:pk>/take", taking.take, name="take"),
    path("<int:pk>/adapt", taking.adapt, name="adapt"),
    path("<int:pk>/decline", taking.decline, name="decline"),
    path("<int:pk>/renew", giving.renew, name="renew"),
    path("<int:pk>/withdraw", giving.withdraw, name="withdraw"),
    path("taken/<int:pk>", taking.news_page, name="news"),
    path("taken/<int:pk>/withdraw", taking.follow_withdrawal, name="follow-withdrawal"),
    path("taken/<int:pk>/correct", taking.follow_correction, name="follow-correction"),
    path("taken/<int:pk>/keep", taking.keep, name="keep"),
    path("requests", asking.order_list, name="orders"),
    path("requests/own", asking.request_list, name="requests"),
    path("requests/new", asking.new, name="ask"),
    path("requests/<int:pk>", asking.request_page, name="request"),
    path("requests/<int:pk>/close", asking.close, name="close"),
    path("orders/<int:pk>", asking.order_page, name="order"),
    path("orders/<int:pk>/accept", asking.accept, name="accept"),
    path("orders/<int:pk>/answer", asking.answer, name="answer"),
    path("orders/<int:pk>/bulletin", asking.answer_by_bulletin, name="answer-by-bulletin"),
    path("orders/<int:pk>/decline", asking.decline, name="decline-order"),
]
