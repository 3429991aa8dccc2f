"""Event kinds of signing in and out."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from ebok.ports import Erasure, EventKind

# A year is long enough to notice and prove a break-in, and no longer than that needs.
_KEPT = timedelta(days=365)

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
    *(
        EventKind(key=f"accounts.{name}", title=title, erasure=Erasure.ERASE_DETAIL, retention=_KEPT)
        for name, title in (
            ("account_made", _("Account made by the office")),
            ("password_reset_sent", _("Link to a new password sent by the office")),
            ("account_locked", _("Account locked")),
            ("account_unlocked", _("Account unlocked")),
            ("account_deleted", _("Account deleted")),
        )
    ),
]
