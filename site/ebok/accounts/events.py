"""Event kinds of signing in and out."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from ebok.ports import Erasure, EventKind

# A year is long enough to notice and prove a break-in, and no longer than that needs.
_KEPT = timedelta(days=365)


def _kind(name: str, title: object, **more: Any) -> EventKind:
    declared = {"erasure": Erasure.ERASE_DETAIL, "retention": _KEPT, **more}
    return EventKind(key=f"accounts.{name}", title=title, **declared)  # type: ignore[arg-type]


events = [
    EventKind(key="accounts.signed_in", title=_("Signed in"), erasure=Erasure.ERASE_DETAIL, retention=_KEPT),
    EventKind(
        key="accounts.signed_out", title=_("Signed out"), erasure=Erasure.ERASE_DETAIL, retention=_KEPT
    ),
    EventKind(
        key="accounts.sign_in_failed",
        title=_("Failed sign-in"),
        erasure=Erasure.ERASE_DETAIL,
        retention=_KEPT,
    ),
    EventKind(
        key="accounts.password_changed",
        title=_("Password changed"),
        erasure=Erasure.ERASE_DETAIL,
        retention=_KEPT,
    ),
    EventKind(
        key="accounts.identity_linked",
        title=_("Identity linked with an account"),
        erasure=Erasure.ERASE_DETAIL,
    ),
    EventKind(
        key="accounts.identity_unlinked",
        title=_("Identity unlinked from an account"),
        erasure=Erasure.ERASE_DETAIL,
    ),
    EventKind(
        key="accounts.identity_refused",
        title=_("Sign-in through an identity provider refused"),
        erasure=Erasure.ERASE_DETAIL,
        retention=_KEPT,
    ),
    EventKind(
        key="accounts.administrator_made",
        title=_("Administrator made from the command line"),
        erasure=Erasure.ERASE_DETAIL,
    ),
    _kind("account_made", _("Account made by the office")),
    _kind("account_locked", _("Account locked")),
    _kind("account_unlocked", _("Account unlocked")),
    # Names nobody; who deleted it and from where may have to be proven.
    _kind("account_deleted", _("Account deleted"), erasure=Erasure.KEEP),
    _kind("password_reset_sent", _("Link to a new password sent by the office")),
    _kind("profile_changed", _("Account details changed")),
    _kind("email_changed", _("E-mail address of the account changed")),
    _kind("second_factor_added", _("Second step of signing in added")),
    _kind("second_factor_removed", _("Second step of signing in removed")),
    _kind("recovery_codes_made", _("Recovery codes made")),
    # Consents prove what the utility may do, so they outlive the account.
    _kind("consent_given", _("Consent given"), erasure=Erasure.KEEP, retention=None),
    _kind("consent_withdrawn", _("Consent withdrawn"), erasure=Erasure.KEEP, retention=None),
]
