"""Addresses of accounts."""

from django.urls import path

from vang.people.views import colleagues, entering, inviting, links, own, protection

app_name = "people"
urlpatterns = [
    path("sign-in", entering.sign_in, name="sign-in"),
    path("sign-out", entering.sign_out, name="sign-out"),
    path("unit", entering.choose, name="choose-unit"),
    path("invitation/<str:token>", links.invitation, name="invitation"),
    path("forgotten", links.forgotten, name="forgotten"),
    path("forgotten/<str:token>", links.new_password, name="new-password"),
    path("address/<str:token>", links.confirm, name="confirm-address"),
    path("", own.own_account, name="account"),
    path("address", own.address, name="account-address"),
    path("sessions", own.sessions, name="sessions"),
    path("sessions/others/end", own.end_others, name="end-others"),
    path("sessions/<int:pk>/end", own.end_one, name="end-session"),
    path("protection", protection.protection, name="protection"),
    path("protection/app", protection.add_app, name="protect-app"),
    path("protection/app/remove", protection.remove_app, name="protect-remove-app"),
    path("protection/passkeys/add", protection.add_key, name="protect-key"),
    path("protection/passkeys/<int:pk>/remove", protection.remove_key, name="protect-remove-key"),
    path("protection/passkeys/<int:pk>/name", protection.rename_key, name="protect-rename-key"),
    path("protection/codes", protection.codes, name="protect-codes"),
    path("people", colleagues.people, name="list"),
    path("people/add", colleagues.add, name="add"),
    path("people/<int:person_pk>", colleagues.person, name="person"),
    path("people/<int:person_pk>/roles", colleagues.give, name="give-role"),
    path("people/<int:person_pk>/password", colleagues.reset, name="reset"),
    path("people/<int:person_pk>/second-factor", colleagues.drop_factor, name="drop-factor"),
    path("roles/<int:membership_pk>/end", colleagues.end, name="end-role"),
    path("people/second-factor", colleagues.second_factor, name="second-factor"),
    path("invitations", inviting.invite_somebody, name="invite"),
    path("invitations/<int:pk>/renew", inviting.renew, name="renew-invitation"),
    path("invitations/<int:pk>/withdraw", inviting.withdraw, name="withdraw-invitation"),
    path("offices", colleagues.office_list, name="offices"),
    path("offices/<int:office_pk>/desk", colleagues.give_desk, name="open-desk"),
]
