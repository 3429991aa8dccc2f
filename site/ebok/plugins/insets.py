"""Insets ("wstawki"): a stream of blocks that plugins add to, and that never loses content.

Three promises that a plain StreamField does not make:

* its block list is gathered from contributions, so it is not written into migrations;
* a block whose plugin is not installed is kept as it was when the page is saved;
* a block whose plugin is off for the site renders nothing and stays in the page.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import Block, FieldBlock, StreamBlock, StreamValue
from wagtail.fields import StreamField

from ebok.plugins.contract import PluginConfig
from ebok.plugins.gate import EnabledPlugins
from ebok.plugins.registry import registry
from ebok.ports import Inset

insets: list[Inset] = []
"""The switchboard's own contribution: none."""

KEPT = "kept_inset"
"""Name of the block that stands in for one whose plugin is not installed."""


class KeptWidget(forms.HiddenInput):
    """Shows whose content is kept and carries it through the form unchanged."""

    input_type = "hidden"

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The hidden value with a sentence for the editor."""
        text = gettext("This inset belongs to a module that is not installed. Its content is kept.")
        return format_html("<p>{}</p>{}", text, super().render(name, value, attrs, renderer))


class KeptInsetBlock(FieldBlock):
    """Holds `{"type": …, "value": …}` of an unknown block; renders nothing."""

    def __init__(self, **kwargs: Any) -> None:
        self.field = forms.JSONField(required=False, widget=KeptWidget())
        super().__init__(**kwargs)

    def value_from_form(self, value: Any) -> Any:
        """The kept value back from the hidden input's text."""
        return json.loads(value) if isinstance(value, str) and value else value

    def clean(self, value: Any) -> Any:
        """Nothing to judge: the value is not ours."""
        return value

    def render(self, value: Any, context: Any = None) -> str:
        """Nothing: nobody here knows how to show it."""
        return ""

    def get_searchable_content(self, value: Any) -> list[str]:
        """Nothing that is shown, nothing that is found."""
        return []

    class Meta:
        icon = "warning"
        label = _("Inset of a module that is not installed")
        group = _("Other")


class InsetStreamBlock(StreamBlock):
    """All insets that rooms and plugins contribute, plus those given by the caller."""

    def __init__(self, local_blocks: Any = None, **kwargs: Any) -> None:
        contributed = [
            (stored_name(owner.key, inset.name), _built(owner, inset))
            for owner, inset in registry.contributions("insets")
        ]
        super().__init__([*(local_blocks or []), *contributed, (KEPT, KeptInsetBlock())], **kwargs)

    def to_python(self, value: Any) -> StreamValue:
        """Like StreamBlock, but an unknown block becomes a kept one instead of vanishing."""
        if isinstance(value, str) and value:
            try:
                value = json.loads(value)
            except ValueError:
                return self.empty_value(raw_text=value)
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            value = [self._keep_if_unknown(child) for child in value]
        return super().to_python(value)

    def bulk_to_python(self, values: Any) -> Any:
        """The same for many streams at once."""
        return super().bulk_to_python(
            [[self._keep_if_unknown(child) for child in stream] for stream in values]
        )

    def get_prep_value(self, value: Any) -> Any:
        """Kept blocks go back to storage under their own name, as they came."""
        return [_restored(child) for child in super().get_prep_value(value)]

    def grouped_child_blocks(self) -> Any:
        """The editor's menu of blocks, without the stand-in for missing plugins."""
        groups = [
            (group, [block for block in blocks if block.name != KEPT])
            for group, blocks in super().grouped_child_blocks()
        ]
        return [(group, blocks) for group, blocks in groups if blocks]

    def _keep_if_unknown(self, child: Any) -> Any:
        if child["type"] in self.child_blocks:
            return child
        kept = {"type": child["type"], "value": child.get("value")}
        return {**child, "type": KEPT, "value": kept}


class InsetStreamField(StreamField):
    """A StreamField of insets; leaves its block list out of migrations."""

    def __init__(self, block_types: Any = None, *args: Any, **kwargs: Any) -> None:
        # The block is built when first used: contributions are known once all apps are loaded.
        super().__init__(block_types or InsetStreamBlock, *args, **kwargs)

    def deconstruct(self) -> Any:
        """Only the field itself: which blocks exist depends on what is installed."""
        name, path, _args, kwargs = super(StreamField, self).deconstruct()
        return name, path, [], kwargs


def stored_name(owner_key: str, inset_name: str) -> str:
    """The block's name in page content: `<plugin>__<name>`."""
    return f"{owner_key}__{inset_name}"


def _built(owner: Any, inset: Any) -> Block:
    block: Block = inset.block()
    if inset.group and not block.meta.group:
        block.meta.group = inset.group
    if isinstance(owner, PluginConfig):
        block.render = functools.partial(_render_when_enabled, owner.key, block.render)
    return block


def _render_when_enabled(key: str, render: Any, value: Any, context: Any = None) -> Any:
    request = context.get("request") if context else None
    if request is not None and key not in EnabledPlugins.of(request):
        return ""
    return render(value, context=context)


def _restored(child: dict[str, Any]) -> dict[str, Any]:
    if child["type"] != KEPT:
        return child
    kept = child["value"]
    return {**child, "type": kept["type"], "value": kept["value"]}
