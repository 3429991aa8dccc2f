"""What people may do with the exchange."""

from django.utils.translation import gettext_lazy as _

from ebok.ports import Permission

permissions = [
    Permission(name="exchange.view", title=_("Can see deliveries, their reports and exported batches")),
    Permission(name="exchange.upload", title=_("Can upload deliveries and export batches")),
    Permission(name="exchange.approve", title=_("Can approve and refuse deliveries")),
    Permission(name="exchange.decide", title=_("Can decide conflicts and review missing rows")),
]
