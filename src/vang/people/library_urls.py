"""Our pages under the names by which the accounts library leads to them."""

from django.urls import path

from vang.people.views import again, entering, protection

urlpatterns = [
    path("sign-in", entering.sign_in, name="account_login"),
    path("sign-in", entering.sign_in, name="account_inactive"),
    path("proof", entering.second_proof, name="mfa_authenticate"),
    path("passkey", entering.passkey, name="mfa_login_webauthn"),
    path("again", again.prove_again, name="account_reauthenticate"),
    path("again", again.prove_again, name="mfa_reauthenticate"),
    path("again", again.prove_again, name="mfa_reauthenticate_webauthn"),
    path("protection", protection.protection, name="mfa_index"),
]
