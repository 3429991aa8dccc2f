"""Screens of a module in the Wagtail admin: they answer 404 while the module is off on every site."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ClassVar

from django.apps import apps
from django.db import models
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern
from wagtail.admin.menu import MenuItem
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import SnippetViewSet

from ebok.plugins.activation import enabled_anywhere
from ebok.plugins.contract import PluginConfig

View = Callable[..., HttpResponseBase]


def only_when_enabled(key: str) -> Callable[[View], View]:
    """Puts a view behind a 404 while the module `key` is off on every site."""

    def gate(view: View) -> View:
        @functools.wraps(view)
        def gated(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if not enabled_anywhere(key, request):
                raise Http404
            return view(request, *args, **kwargs)

        return gated

    return gate


class GatedChooser(SnippetChooserViewSet):
    """Choosers are screens too."""

    def get_urlpatterns(self) -> list[URLPattern]:
        """Every pattern behind the gate."""
        return _gated(self.model, super().get_urlpatterns())


class GatedSnippet(SnippetViewSet):
    """A snippet's screens behind the gate of the module its model belongs to."""

    chooser_viewset_class = GatedChooser

    def get_urlpatterns(self) -> list[URLPattern]:
        """Every pattern behind the gate."""
        return _gated(self.model, super().get_urlpatterns())


def _gated(model: type[models.Model], patterns: list[URLPattern]) -> list[URLPattern]:
    owner = apps.get_app_config(model._meta.app_label)
    assert isinstance(owner, PluginConfig)
    gate = only_when_enabled(owner.key)
    for pattern in patterns:
        pattern.callback = gate(pattern.callback)
    return patterns


class GatedMenuItem(MenuItem):
    """A menu entry that is away while the module is off on every site; a subclass names its `plugin_key`."""

    plugin_key: ClassVar[str]

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the module is on anywhere and the entry may be seen."""
        return enabled_anywhere(self.plugin_key, request) and bool(super().is_shown(request))
