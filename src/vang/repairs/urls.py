"""Addresses of faults and repairs."""

from django.urls import path

from vang.repairs.views import board, counting, tickets

app_name = "repairs"
urlpatterns = [
    path("", board.board, name="board"),
    path("device/<int:pk>", board.device, name="device"),
    path("device/<int:pk>/repair", board.open_from_fault, name="open"),
    path("figures", counting.figures, name="figures"),
    path("store", counting.store, name="store"),
    path("store/new", counting.new_part, name="new-part"),
    path("store/<int:pk>", counting.part, name="change-part"),
    path("mine", tickets.mine, name="mine"),
    path("tickets", tickets.ticket_list, name="tickets"),
    path("tickets/new", tickets.new, name="new"),
    path("tickets/<int:pk>", tickets.ticket_page, name="ticket"),
    path("tickets/<int:pk>/send", tickets.send, name="send"),
    path("tickets/<int:pk>/on-way", tickets.set_out, name="set-out"),
    path("tickets/<int:pk>/there", tickets.arrive, name="arrive"),
    path("tickets/<int:pk>/cause", tickets.cause, name="cause"),
    path("tickets/<int:pk>/part", tickets.part, name="part"),
    path("tickets/<int:pk>/part/<int:used_pk>/back", tickets.part_back, name="part-back"),
    path("tickets/<int:pk>/photo", tickets.photo, name="photo"),
    path("tickets/<int:pk>/photo/<int:photo_pk>", tickets.photo_file, name="photo-file"),
    path("tickets/<int:pk>/test", tickets.test, name="test"),
    path("tickets/<int:pk>/test/<int:call_pk>", tickets.begin_test, name="begin-test"),
    path("tickets/<int:pk>/close", tickets.close, name="close"),
]
