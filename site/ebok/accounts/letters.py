"""The words of the letters about accounts, and asking for one to be written.

allauth names a letter by the path of its templates ("account/email/password_reset_key"). Ours are a table of
words, declared as kinds of messages in `message_kinds.py`, so that an administrator can change them. A letter
that is not in the table is sent as allauth words it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ebok.accounts.signals import letter_wanted
from ebok.plugins.site import site_or_default

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Text


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One kind of letter.

    `sentences` are its paragraphs; they may name values of allauth's context that stand in `VALUES`.
    `action` is what the button says and `address` the name under which allauth hands over where it leads.
    `closing` is the last paragraph. A `notice` tells of a change: it says when and from where it was
    made and what to do when it was somebody else. `title` names it among the texts of the administration.
    """

    subject: Text
    title: Text = ""
    sentences: tuple[Text, ...]
    action: Text = ""
    address: str = ""
    closing: Text = ""
    notice: bool = False


VALUES = ("email", "from_email", "to_email", "deleted_email", "code")
"""What of allauth's context the sentences may name."""

NOT_YOU = _("If it was not you, do nothing: nothing changes.")
NEW_PASSWORD = _("Set a new password")

_confirm = Letter(
    subject=_("Confirm your e-mail address"),
    sentences=(_("Confirm that %(email)s is your address. You can sign in then."),),
    action=_("Confirm the address"),
    address="activate_url",
    closing=NOT_YOU,
)


def _notice(subject: Text, *sentences: Text, title: Text = "") -> Letter:
    return Letter(subject=subject, title=title, sentences=sentences, notice=True)


SAME = {"email_confirmation_signup": "email_confirmation"}
"""Letters with the words of another."""

LETTERS: dict[str, Letter] = {
    "account/email/email_confirmation": _confirm,
    "account/email/email_confirmation_signup": _confirm,
    "account/email/password_reset_key": Letter(
        subject=NEW_PASSWORD,
        sentences=(_("Somebody, probably you, asked for a new password for %(email)s."),),
        action=NEW_PASSWORD,
        address="password_reset_url",
        closing=_("If it was not you, do nothing: your password stays as it is."),
    ),
    "account/email/unknown_account": Letter(
        subject=_("There is no account with this address"),
        sentences=(
            _("Somebody, probably you, asked for a new password for %(email)s."),
            _("We have no account with this address. Try another one of yours, or call us."),
        ),
        closing=NOT_YOU,
    ),
    "account/email/account_already_exists": Letter(
        subject=_("You have an account already"),
        sentences=(
            _("Somebody, probably you, wanted to open an account for %(email)s. You have one already."),
        ),
        action=NEW_PASSWORD,
        address="password_reset_url",
        closing=NOT_YOU,
    ),
    "account/email/login_code": Letter(
        subject=_("Your sign-in code"),
        sentences=(_("Type this code in the open browser window:"), "%(code)s"),
        closing=NOT_YOU,
    ),
    "account/email/password_reset_code": Letter(
        subject=_("Your code for a new password"),
        sentences=(_("Type this code in the open browser window:"), "%(code)s"),
        closing=NOT_YOU,
    ),
    "account/email/password_changed": _notice(_("Your password has changed"), _("You have a new password.")),
    "account/email/password_reset": _notice(
        _("Your password has changed"),
        _("You have a new password."),
        title=_("Password changed through a link"),
    ),
    "account/email/password_set": _notice(
        _("Your account has a password"), _("A password has been set for your account.")
    ),
    "account/email/email_changed": _notice(
        _("Your e-mail address has changed"),
        _("You sign in with %(to_email)s now. The address %(from_email)s is no longer yours here."),
    ),
    "account/email/email_confirm": _notice(
        _("Your e-mail address is confirmed"), _("We know now that %(email)s is your address.")
    ),
    "account/email/email_deleted": _notice(
        _("An e-mail address was removed"), _("We removed %(deleted_email)s from your account.")
    ),
    "socialaccount/email/account_connected": _notice(
        _("A new way to sign in was linked"),
        _("From now on an identity you have confirmed elsewhere opens your account without a password."),
    ),
    "socialaccount/email/account_disconnected": _notice(
        _("A way to sign in was unlinked"), _("It no longer opens your account.")
    ),
    "mfa/email/totp_activated": _notice(
        _("Codes from an application are on"),
        _("From now on you sign in with your password and a code from the application."),
    ),
    "mfa/email/totp_deactivated": _notice(
        _("Codes from an application are off"), _("From now on your password is enough to sign in.")
    ),
    "mfa/email/recovery_codes_generated": _notice(
        _("You have new recovery codes"), _("The recovery codes you had before no longer work.")
    ),
    "mfa/email/webauthn_added": _notice(
        _("A security key was added"), _("You can sign in with a new security key.")
    ),
    "mfa/email/webauthn_removed": _notice(
        _("A security key was removed"), _("One of your security keys no longer works here.")
    ),
}
"""Every letter allauth knows (but for those of social accounts, which the portal has not)."""

OWN_LETTERS: dict[str, Letter] = {
    "accounts/first_password": Letter(
        subject=_("Your account is waiting for you"),
        sentences=(
            _("We made an account for %(email)s. Set a password, and you can sign in."),
            _("The link works once, for three days. When it is too late, ask for a new password."),
        ),
        action=_("Set a password"),
        address="password_reset_url",
        closing=_("If you do not know us, do nothing: without a password nobody can sign in."),
    ),
    "accounts/password_by_staff": Letter(
        subject=NEW_PASSWORD,
        title=_("New password, sent by the office"),
        sentences=(
            _("Our office sends you a link to set a new password for %(email)s."),
            _("The link works once, for three days. Until you use it, your password stays as it is."),
        ),
        action=NEW_PASSWORD,
        address="password_reset_url",
        closing=_("If you did not ask us for it, call us. We never ask for your password."),
    ),
}
"""Letters the portal sends on its own; see `sending.py`."""


def kind_of(name: str) -> str:
    """The kind of message a letter is."""
    last = name.rpartition("/")[2]
    return f"accounts.{SAME.get(last, last)}"


def write(name: str, to: str, context: Mapping[str, Any], request: HttpRequest | None) -> None:
    """Have the letter of this name written in the active language; `context` is allauth's."""
    letter = (LETTERS | OWN_LETTERS)[name]
    values = {key: context.get(key, "") for key in VALUES}
    values["email"] = values["email"] or to
    url = context.get(letter.address, "") if letter.address else ""
    if letter.notice:
        moment = context.get("timestamp") or timezone.now()
        values.update(
            when=date_format(timezone.localtime(moment), "DATETIME_FORMAT"),
            ip=context.get("ip", ""),
            browser=context.get("user_agent", ""),
        )
        path = reverse("account_reset_password")
        url = request.build_absolute_uri(path) if request is not None else ""
    user = context.get("user")
    letter_wanted.send(
        Letter,
        kind=kind_of(name),
        site=site_or_default(request),
        user=user if user is not None and user.pk is not None else None,
        email=to,
        language=get_language() or "",
        values=values,
        url=url,
    )
