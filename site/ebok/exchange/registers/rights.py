"""Who may do what in a register, in the permissions that rooms declare; addresses of its screens."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Model, QuerySet
from wagtail_modeladmin.helpers import AdminURLHelper, PermissionHelper

from ebok.exchange.mirror import Mirrored
from ebok.plugins.permissions import allowed

WORDS = {"create": "nowy", "edit": "popraw", "inspect": "podglad", "delete": "usun"}
"""Actions in addresses; what is not listed stands there by its own name."""


class Rights(PermissionHelper):
    """Maps modeladmin's questions to `<room>.view`, `.change`, `.approve` and `.export`.

    Entered rows that nobody approved may be deleted by who may change; everything else only by the
    superadministrator (K15).
    """

    can_be_entered = True
    can_be_corrected = True

    def may(self, user: Any, what: str) -> bool:
        """Whether the person holds that permission of the model's room."""
        return allowed(user, f"{self.opts.app_label}.{what}")

    def get_all_model_permissions(self) -> QuerySet[Permission]:
        """None of Django's own: the declared permissions are offered with the plugins'."""
        return Permission.objects.none()

    def user_has_any_permissions(self, user: Any) -> bool:
        """Who may see."""
        return self.may(user, "view")

    def user_can_list(self, user: Any) -> bool:
        """Who may see."""
        return self.may(user, "view")

    def user_can_create(self, user: Any) -> bool:
        """Who may change, where rows are entered at all."""
        return self.can_be_entered and self.may(user, "change")

    def user_can_inspect_obj(self, user: Any, obj: Model) -> bool:
        """Who may see."""
        return self.may(user, "view")

    def user_can_edit_obj(self, user: Any, obj: Model) -> bool:
        """Who may change, where rows are corrected at all."""
        return self.can_be_corrected and self.may(user, "change")

    def user_can_delete_obj(self, user: Any, obj: Model) -> bool:
        """The superadministrator; of unapproved entered rows also who may change."""
        if not self.can_be_entered or not isinstance(obj, Mirrored):
            return False
        return bool(user.is_superuser) or (not obj.is_locked and self.may(user, "change"))

    def user_can_approve_obj(self, user: Any, obj: Model) -> bool:
        """Who may approve, while there is something to approve."""
        return isinstance(obj, Mirrored) and not obj.is_locked and self.may(user, "approve")


class ReadOnly(Rights):
    """Of registers that only the billing system fills."""

    can_be_entered = False
    can_be_corrected = False


class Addresses(AdminURLHelper):
    """Polish words in addresses; a key that is no number has no address at all."""

    def _get_action_url_pattern(self, action: str) -> str:
        if action == "index":
            return rf"^{self.base_url_path}/$"
        return rf"^{self.base_url_path}/{WORDS.get(action, action)}/$"

    def _get_object_specific_action_url_pattern(self, action: str) -> str:
        return rf"^{self.base_url_path}/{WORDS.get(action, action)}/(?P<instance_pk>[0-9]{{1,19}})/$"
