"""How many accounts wait for a proof, for the number beside the menu entry."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone

from ebok_plugins.client_zone.models import Claim, ClaimState

MOST = 99


def waiting_claims(request: HttpRequest) -> int | None:
    """The number, at most `MOST`; None for none."""
    waiting = Claim.objects.filter(state=ClaimState.WAITING, expires_at__gt=timezone.now())
    return waiting[:MOST].count() or None
