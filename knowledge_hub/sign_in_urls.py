"""Signing in, signing up and one's account: allauth's views at addresses of ours, under the names that it asks for.

`urlpatterns` are below /{lang}/; `plain_urlpatterns` are what providers send people back to, in no language.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from allauth.socialaccount.providers.orcid import views as orcid
from django.urls import path, register_converter
from django.urls.converters import StringConverter

from publications.views.account import account as account_index
from publications.views.account import approval_awaited, leave_by_page


class Base36Converter(StringConverter):
    """Letters and digits: how allauth writes the key of an account."""

    regex = "[0-9A-Za-z]+"


register_converter(Base36Converter, "base36")

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("login/code/", mfa.authenticate, name="mfa_authenticate"),
    path("logout/", account.logout, name="account_logout"),
    path("signup/", account.signup, name="account_signup"),
    path("signup/provider/", social.signup, name="socialaccount_signup"),
    path("signup/approval/", approval_awaited, name="approval_awaited"),
    path("password/", account.password_reset, name="account_reset_password"),
    path("password/sent/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "password/<base36:uidb36>-<str:key>/", account.password_reset_from_key, name="account_reset_password_from_key"
    ),
    path("password/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("account/", account_index, name="account"),
    path("account/off/", account.account_inactive, name="account_inactive"),
    path("account/again/", account.reauthenticate, name="account_reauthenticate"),
    path("account/again/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("account/email/", account.email, name="account_email"),
    path("account/email/sent/", account.email_verification_sent, name="account_email_verification_sent"),
    path("account/email/<str:key>/", account.confirm_email, name="account_confirm_email"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/password/set/", account.password_set, name="account_set_password"),
    path("account/second-factor/", mfa.index, name="mfa_index"),
    path("account/second-factor/on/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/second-factor/off/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/recovery-codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("account/recovery-codes/file/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("account/ways/", social.connections, name="socialaccount_connections"),
    path("account/ways/cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("account/ways/error/", social.login_error, name="socialaccount_login_error"),
]

plain_urlpatterns = [
    path("accounts/orcid/login/", leave_by_page(orcid.oauth2_login), name="orcid_login"),
    path("accounts/orcid/login/callback/", leave_by_page(orcid.oauth2_callback), name="orcid_callback"),
    path("accounts/<str:provider_id>/login/", leave_by_page(openid_connect.login), name="openid_connect_login"),
    path("accounts/<str:provider_id>/login/callback/", openid_connect.callback, name="openid_connect_callback"),
]
