"""Addresses of the alerts."""

from django.urls import path

from vang.alerts.views import households, listing, live, showing, signing, templates, writing

app_name = "alerts"
urlpatterns = [
    path("", listing.alert_list, name="list"),
    path("new", writing.new, name="new"),
    path("new/template/<int:pk>", writing.new_from_template, name="new-from-template"),
    path("new/<slug:key>", writing.new_from_starter, name="new-from-starter"),
    path("households", households.households, name="households"),
    path("templates", templates.template_list, name="templates"),
    path("templates/new", templates.new, name="new-template"),
    path("templates/take-over/<slug:key>", templates.take_over, name="take-over"),
    path("templates/<int:pk>", templates.template_page, name="template"),
    path("templates/<int:pk>/edit", templates.edit, name="edit-template"),
    path("templates/<int:pk>/approve", templates.approve, name="approve-template"),
    path("templates/<int:pk>/retire", templates.retire, name="retire-template"),
    path("<uuid:pk>", showing.alert_page, name="alert"),
    path("<uuid:pk>/edit", writing.edit, name="edit"),
    path("<uuid:pk>/copy", writing.copy, name="copy"),
    path("<uuid:pk>/submit", showing.submit, name="submit"),
    path("<uuid:pk>/send-back", showing.send_back, name="send-back"),
    path("<uuid:pk>/review", showing.review, name="review"),
    path("<uuid:pk>/open", signing.open_signing, name="open"),
    path("<uuid:pk>/alone", signing.open_alone, name="alone"),
    path("<uuid:pk>/retraction", signing.open_retraction, name="retraction"),
    path("<uuid:pk>/sign/<uuid:order_pk>", signing.sign, name="sign"),
    path("<uuid:pk>/live", live.live, name="live"),
    path("<uuid:pk>/live/part", live.part, name="live-part"),
    path("<uuid:pk>/stop", live.stop, name="stop"),
]
