"""The page types as a Django app."""

from django.utils.translation import gettext_lazy as _

from ebok.plugins.contract import RoomConfig


class PageTypes(RoomConfig):
    """Wagtail page models of the public zone and the blocks their bodies are made of."""

    name = "page_types"
    label = "page_types"
    key = "page_types"
    verbose_name = _("Pages")

    def ready(self) -> None:
        """Keep every published wording of a privacy policy."""
        from wagtail.signals import page_published  # noqa: PLC0415 (needs loaded models)

        from page_types.privacy import PrivacyPolicyPage, keep_version  # noqa: PLC0415 (needs loaded models)

        page_published.connect(
            keep_version, sender=PrivacyPolicyPage, dispatch_uid="page_types-keep-policy-version"
        )
