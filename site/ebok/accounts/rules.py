"""Who may do what to whose account: pure decisions."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What the rules need to know of a person."""

    pk: int
    is_superadministrator: bool = False
    is_deleted: bool = False


class Refusal:
    """Why something may not be done to an account; the words are `services.SENTENCES`."""

    YOURSELF = "yourself"
    ABOVE_YOU = "above-you"
    DELETED = "deleted"
    LAST_ONE = "last-one"
    TAKEN = "taken"
    NO_REASON = "no-reason"
    ADDRESS = "address"


def why_not_touch(actor: Standing | None, user: Standing) -> str:
    """Why this actor may not lock, unlock, reset or delete this account; "" when they may.

    Nobody (None) is a part of the portal, such as a command: the code that calls answers for it.
    """
    if user.is_deleted:
        return Refusal.DELETED
    if actor is not None and user.is_superadministrator and not actor.is_superadministrator:
        return Refusal.ABOVE_YOU
    return ""


def why_not_shut_out(
    actor: Standing | None, user: Standing, *, others_above: int, own_wish: bool = False
) -> str:
    """Why the account may not be locked or deleted; "" when it may.

    `others_above` counts the other superadministrators who can sign in. With `own_wish` a person may
    do it to themselves (close their account).
    """
    if reason := why_not_touch(actor, user):
        return reason
    if actor is not None and actor.pk == user.pk and not own_wish:
        return Refusal.YOURSELF
    if user.is_superadministrator and not others_above:
        return Refusal.LAST_ONE
    return ""
