"""Letters about opening an account, getting it back and sharing it, until somebody changes their words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from ebok.accounts.letters import NOT_YOU
from ebok.ports import MessageGroup, MessageKind, Placeholder
from ebok.ports.message_kinds import EMAIL, letter_text

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Text

_EMAIL = Placeholder(name="email", description=_("the address that was typed"), sample="anna@example.org")
_CODE = Placeholder(name="code", description=_("number of the customer"), sample="10234")
_PERSON = Placeholder(name="person", description=_("address of the person"), sample="jan@example.org")


def _letter(
    key: str,
    subject: Text,
    *sentences: Text,
    values: tuple[Placeholder, ...] = (),
    action: Text = "",
    title: Text = "",
    is_secret: bool = False,
) -> MessageKind:
    return MessageKind(
        key=f"client_zone.{key}",
        title=title or subject,
        group=MessageGroup.ACCOUNT,
        subject=subject,
        body=letter_text(*sentences),
        action=action,
        channels=(EMAIL,),
        default_channels=(EMAIL,),
        values=values,
        is_duty=True,
        transactional=True,
        is_secret=is_secret,
    )


_DOES_NOT_FIT = (
    _("What was typed does not fit together, so we can do nothing yet."),
    _(
        "Compare it with your newest invoice: the customer number, the number of the invoice and its "
        "gross amount. Or ask us for a letter with a code."
    ),
    NOT_YOU,
)

letter_kinds = [
    _letter(
        "confirm_address",
        _("Confirm your address, and your account works"),
        _("Confirm that %(email)s is your address. You will see your bills and readings at once."),
        _("The link works for 24 hours."),
        NOT_YOU,
        values=(_EMAIL,),
        action=_("Confirm the address"),
        is_secret=True,
    ),
    _letter(
        "confirm_new_address",
        _("Confirm your new sign-in data"),
        _("Confirm that %(email)s is your address. You will sign in with it from now on."),
        _("The link works for 24 hours."),
        NOT_YOU,
        values=(_EMAIL,),
        action=_("Confirm the address"),
        is_secret=True,
    ),
    _letter(
        "nothing_fits",
        _("We could not match your data"),
        _("Somebody, probably you, wanted to open an account with the address %(email)s."),
        *_DOES_NOT_FIT,
        values=(_EMAIL,),
        action=_("Try again"),
        title=_("Opening an account: the data do not match"),
    ),
    _letter(
        "nothing_fits_recovery",
        _("We could not match your data"),
        _("Somebody, probably you, wanted new sign-in data with the address %(email)s."),
        *_DOES_NOT_FIT,
        values=(_EMAIL,),
        action=_("Try again"),
        title=_("New sign-in data: the data do not match"),
    ),
    _letter(
        "new_holder",
        _("Somebody new sees your account"),
        _("%(person)s has proven to be a customer and now sees the account %(code)s, as you do."),
        _("If you do not know this person, call us."),
        values=(_PERSON, _CODE),
    ),
    _letter(
        "recovery_begun",
        _("Somebody wants new sign-in data for your account"),
        _("Somebody who knows your invoice wants to sign in to your account with another address."),
        _("Nothing has changed yet: we are waiting for a code from a letter that goes to you by post."),
        _("If it was not you, call us at once."),
    ),
    _letter(
        "recovery_done",
        _("Your account has new sign-in data"),
        _("Your account has another address and another password now, and all open sessions have ended."),
        _("If it was not you, call us at once."),
    ),
    _letter(
        "recovery_step",
        _("One step to your account: the code from our letter"),
        _("Your new address is confirmed. Keep this letter."),
        _("When our letter with a code has come by post, open this page and type the code."),
        NOT_YOU,
        action=_("Type the code"),
        is_secret=True,
    ),
    _letter(
        "account_ready",
        _("Your account is ready"),
        _("We have checked your data. You can see the account %(code)s now."),
        values=(_CODE,),
        action=_("Sign in"),
    ),
    _letter(
        "account_refused",
        _("We could not open the account for you"),
        _("We could not confirm that the account %(code)s is yours."),
        "{reason}",
        _("Questions? Call us or come to our office with a document."),
        values=(
            _CODE,
            Placeholder(
                name="reason", description=_("what the office wrote"), sample="Brak zgodnych danych."
            ),
        ),
    ),
    _letter(
        "invitation",
        letter_text(_("%(who)s invites you to an account")),
        _("%(who)s invites you as %(role)s to an account in our customer office."),
        _("You will be able to: %(allowed)s."),
        "{ends}",
        _("The link works once, until %(day)s."),
        _("If you do not know this person, do nothing."),
        values=(
            Placeholder(name="who", description=_("who invites"), sample="Anna Nowak"),
            Placeholder(name="role", description=_("as whom"), sample="domownik"),
            Placeholder(name="allowed", description=_("what is allowed"), sample="faktury; odczyty"),
            Placeholder(
                name="ends",
                description=_("a sentence about the end of the access, or nothing"),
                sample="Dostęp kończy się po 31 grudnia 2026.",
            ),
            Placeholder(name="day", description=_("last day of the link"), sample="14 czerwca 2026"),
        ),
        action=_("See the invitation"),
        title=_("Invitation to an account"),
        is_secret=True,
    ),
    _letter(
        "invitation_accepted",
        _("Your invitation was accepted"),
        _("%(person)s sees your account now, as far as you allowed."),
        values=(_PERSON,),
        action=_("Who has access"),
    ),
    _letter(
        "access_ended",
        _("Your access to an account has ended"),
        _("You no longer see the account %(code)s."),
        _("Your own account stays as it is. Questions? Ask whoever invited you."),
        values=(_CODE,),
    ),
    _letter(
        "access_given_up",
        _("Somebody gave up the access to your account"),
        _("%(person)s no longer sees your account."),
        values=(_PERSON,),
    ),
]
