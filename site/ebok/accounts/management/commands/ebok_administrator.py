"""`manage.py ebok_administrator EMAIL`: the first administrator of a new installation."""

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from ebok.accounts import roles
from ebok.accounts.models import User
from ebok.journal.services import record


class Command(BaseCommand):
    """Makes an account that may do everything, or gives an existing one that right."""

    help = (
        "Makes an administrator who can sign in at once: the e-mail address counts as confirmed, so no "
        "letter is needed. An existing account keeps its password unless --new-password is given."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("email", help="The address to sign in with.")
        parser.add_argument("--first-name", default="")
        parser.add_argument("--last-name", default="")
        parser.add_argument("--new-password", action="store_true", help="Also for an existing account.")
        parser.add_argument(
            "--password-stdin",
            action="store_true",
            help="Read the password from the first line of standard input instead of asking twice.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check the address, ask for the password, store and journal."""
        email = options["email"].strip()
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"“{email}” is not an e-mail address.") from error
        user = User.objects.filter(email__iexact=email).first()
        is_new = user is None
        if user is None:
            user = User(email=User.objects.normalize_email(email))
        for name in ("first_name", "last_name"):
            setattr(user, name, options[name] or getattr(user, name))
        if is_new or options["new_password"]:
            user.set_password(self._password(user, from_stdin=options["password_stdin"]))
        self._store(user)
        done = "can sign in now" if is_new else "is an administrator now"
        self.stdout.write(self.style.SUCCESS(f"{user.email} {done}."))

    def _password(self, user: User, *, from_stdin: bool) -> str:
        if from_stdin:
            password = sys.stdin.readline().rstrip("\r\n")
        else:
            password = getpass.getpass("Password: ")
            if getpass.getpass("Once more: ") != password:
                raise CommandError("The two passwords differ. Nothing was changed.")
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        return password

    @transaction.atomic
    def _store(self, user: User) -> None:
        user.is_active = user.is_staff = user.is_superuser = True
        user.save()
        user.groups.add(*Group.objects.filter(name=roles.ADMINISTRATORS))
        # Whoever can run this command answers for the address.
        EmailAddress.objects.filter(user=user, primary=True).exclude(email__iexact=user.email).update(
            primary=False
        )
        EmailAddress.objects.update_or_create(
            user=user, email=user.email.lower(), defaults={"verified": True, "primary": True}
        )
        record(
            "accounts.administrator_made",
            text=_("Made an administrator from the command line: %(who)s") % {"who": user.email},
            actor="",
            obj=user,
        )
