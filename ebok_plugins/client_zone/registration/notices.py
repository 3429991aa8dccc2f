"""The words of the letters around registration. Each is one e-mail in the reader's language."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from ebok.accounts.letters import NOT_YOU
from ebok.customers.models import Customer
from ebok_plugins.client_zone.mailing import send_letter
from ebok_plugins.client_zone.models import ClaimKind, Registration

# What the mailbox is told after step two -----------------------------------------------------


def tell_to_go_on(registration: Registration, token: str, request: HttpRequest) -> None:
    """The link with which the person proves the mailbox and goes on."""
    if registration.kind == ClaimKind.RECOVER:
        subject = _("Confirm your new sign-in data")
        first = _("Confirm that %(email)s is your address. You will sign in with it from now on.")
    else:
        subject = _("Confirm your address, and your account works")
        first = _("Confirm that %(email)s is your address. You will see your bills and readings at once.")
    send_letter(
        registration.email,
        subject=subject,
        sentences=(first % {"email": registration.email}, _("The link works for 24 hours.")),
        action=_("Confirm the address"),
        url=request.build_absolute_uri(reverse("public:client_zone:confirm", kwargs={"token": token})),
        closing=str(NOT_YOU),
        request=request,
    )


def tell_that_nothing_fits(registration: Registration, request: HttpRequest) -> None:
    """The data did not fit together; which part was wrong is said to nobody."""
    recovering = registration.kind == ClaimKind.RECOVER
    wanted = (
        _("Somebody, probably you, wanted new sign-in data with the address %(email)s.")
        if recovering
        else _("Somebody, probably you, wanted to open an account with the address %(email)s.")
    )
    view = "recover" if recovering else "invoice"
    send_letter(
        registration.email,
        subject=_("We could not match your data"),
        sentences=(
            wanted % {"email": registration.email},
            _("What was typed does not fit together, so we can do nothing yet."),
            _(
                "Compare it with your newest invoice: the customer number, the number of the invoice and its "
                "gross amount. Or ask us for a letter with a code."
            ),
        ),
        action=_("Try again"),
        url=request.build_absolute_uri(reverse(f"public:client_zone:{view}")),
        closing=str(NOT_YOU),
        request=request,
    )


# What people hear about their accounts -------------------------------------------------------


def tell_holders(
    addresses: list[str], *, person: str, customer: Customer, request: HttpRequest | None
) -> None:
    """Those who acted for the customer before hear of somebody new."""
    for address in addresses:
        send_letter(
            address,
            subject=_("Somebody new sees your account"),
            sentences=(
                _("%(person)s has proven to be a customer and now sees the account %(code)s, as you do.")
                % {"person": person, "code": customer.code},
            ),
            closing=_("If you do not know this person, call us."),
            request=request,
        )


def tell_old_mailbox_begun(address: str, *, request: HttpRequest) -> None:
    """Somebody wants to take the account to another mailbox: time to object."""
    send_letter(
        address,
        subject=_("Somebody wants new sign-in data for your account"),
        sentences=(
            _("Somebody who knows your invoice wants to sign in to your account with another address."),
            _("Nothing has changed yet: we are waiting for a code from a letter that goes to you by post."),
        ),
        closing=_("If it was not you, call us at once."),
        request=request,
    )


def tell_old_mailbox_done(address: str, *, request: HttpRequest | None) -> None:
    """The account has moved."""
    send_letter(
        address,
        subject=_("Your account has new sign-in data"),
        sentences=(
            _("Your account has another address and another password now, and all open sessions have ended."),
        ),
        closing=_("If it was not you, call us at once."),
        request=request,
    )


def tell_of_recovery(address: str, token: str, *, request: HttpRequest) -> None:
    """Where to type the code when the letter has come."""
    send_letter(
        address,
        subject=_("One step to your account: the code from our letter"),
        sentences=(
            _("Your new address is confirmed. Keep this letter."),
            _("When our letter with a code has come by post, open this page and type the code."),
        ),
        action=_("Type the code"),
        url=request.build_absolute_uri(reverse("public:client_zone:recovery", kwargs={"token": token})),
        closing=str(NOT_YOU),
        request=request,
    )


def tell_decision(
    address: str, *, customer: Customer, approved: bool, reason: str, request: HttpRequest
) -> None:
    """The office has decided about a claim."""
    if approved:
        send_letter(
            address,
            subject=_("Your account is ready"),
            sentences=(
                _("We have checked your data. You can see the account %(code)s now.")
                % {"code": customer.code},
            ),
            action=_("Sign in"),
            url=request.build_absolute_uri(reverse("account_login")),
            request=request,
        )
        return
    sentences = [_("We could not confirm that the account %(code)s is yours.") % {"code": customer.code}]
    if reason:
        sentences.append(reason)
    send_letter(
        address,
        subject=_("We could not open the account for you"),
        sentences=tuple(sentences),
        closing=_("Questions? Call us or come to our office with a document."),
        request=request,
    )
