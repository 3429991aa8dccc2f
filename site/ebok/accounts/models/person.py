"""The one user model: a person with an e-mail address, for every zone and for the admin."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    _Manager = BaseUserManager["User"]
else:
    # Django's class takes no parameter at run time.
    _Manager = BaseUserManager


class UserManager(_Manager):
    """Makes users from an e-mail address; finds them whatever the case of its letters."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create and save a person. Without a password nobody can sign in with one."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create and save a person who may do everything."""
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> User:
        """The person with this e-mail address in any case. Raises `User.DoesNotExist`."""
        return self.get(email__iexact=username)


class User(AbstractUser):
    """A person. Signs in with the e-mail address; has no user name."""

    username = None  # type: ignore[assignment]
    # Unique as typed, which Django asks of a login; the constraint below is the one that counts.
    email = models.EmailField(
        _("e-mail address"),
        unique=True,
        error_messages={"unique": _("Somebody already has an account with this e-mail address.")},
    )
    public_id = models.UUIDField(_("public identifier"), default=uuid.uuid4, unique=True, editable=False)
    """Random; the only identifier that may appear in addresses and outside the portal."""
    language = models.CharField(
        _("language"), max_length=10, blank=True, choices=settings.LANGUAGES, default=""
    )
    """In which letters are written; empty means the portal's own."""
    password_changed_at = models.DateTimeField(_("password changed"), null=True, blank=True, editable=False)
    locked_at = models.DateTimeField(_("locked"), null=True, blank=True, editable=False)
    lock_reason = models.CharField(_("reason of the lock"), max_length=500, blank=True, editable=False)
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True, editable=False)
    """A deleted account keeps its row, without a name and an address, for what refers to it."""

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="accounts_user_email_once",
                violation_error_message=_("Somebody already has an account with this e-mail address."),
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def set_password(self, raw_password: str | None) -> None:
        """Set the password and note when."""
        super().set_password(raw_password)
        self.password_changed_at = timezone.now()

    @property
    def display_name(self) -> str:
        """What a page calls the person: the full name, or the e-mail address without one."""
        return self.get_full_name() or self.email
