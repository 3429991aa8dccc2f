"""The zone's own records."""

from ebok_plugins.client_zone.models.requests import AccountRequest, RequestKind, RequestState

__all__ = ["AccountRequest", "RequestKind", "RequestState"]
