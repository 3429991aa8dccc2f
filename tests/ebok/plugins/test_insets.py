"""Insets keep content whose plugin is off or gone, and stay out of migrations."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import RequestFactory
from wagtail import blocks

from ebok.plugins import insets
from ebok.plugins.insets import KEPT, InsetStreamBlock, InsetStreamField
from ebok.plugins.registry import registry
from ebok.ports import Inset

UNKNOWN = {
    "type": "e_gaz__prices",
    "value": {"rows": [1, 2, {"deep": "ż"}]},
    "id": "b0000000-0000-0000-0000-000000000001",
}


class Text(blocks.CharBlock):
    """A block that shows its value."""


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> InsetStreamBlock:
    owner = registry.plugin("e_dokument")
    room = registry.owners[0]
    given = [(room, Inset(name="text", block=Text)), (owner, Inset(name="list", block=Text))]
    monkeypatch.setitem(registry.__dict__, "_contributions", {"insets": given})
    return InsetStreamBlock()


def test_blocks_are_stored_under_their_owners_key(stream: InsetStreamBlock) -> None:
    room = registry.owners[0].key
    assert list(stream.child_blocks) == [f"{room}__text", "e_dokument__list", KEPT]


@pytest.mark.feature("J07")
def test_an_unknown_block_survives_load_and_save(stream: InsetStreamBlock) -> None:
    known = {"type": "e_dokument__list", "value": "a", "id": "b0000000-0000-0000-0000-000000000002"}
    for raw in ([UNKNOWN, known], json.dumps([known, UNKNOWN])):
        value = stream.to_python(raw)
        assert len(value) == 2
        assert stream.get_prep_value(value) == (json.loads(raw) if isinstance(raw, str) else raw)


def test_an_unknown_block_survives_the_editors_form(stream: InsetStreamBlock) -> None:
    value = stream.to_python([UNKNOWN])
    state = stream.get_form_state(value)
    posted = {
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": state[0]["type"],
        "body-0-id": state[0]["id"],
        "body-0-value": state[0]["value"],
    }
    returned = stream.clean(stream.value_from_datadict(posted, {}, "body"))
    assert stream.get_prep_value(returned) == [UNKNOWN]


def test_many_streams_are_read_at_once_without_loss(stream: InsetStreamBlock) -> None:
    values = stream.bulk_to_python([[UNKNOWN], [], [UNKNOWN, UNKNOWN]])
    assert [stream.get_prep_value(value) for value in values] == [[UNKNOWN], [], [UNKNOWN, UNKNOWN]]


def test_an_unknown_block_shows_and_finds_nothing(stream: InsetStreamBlock) -> None:
    value = stream.to_python([UNKNOWN])
    assert value[0].render() == ""
    assert stream.get_searchable_content(value) == []


def test_the_editor_is_not_offered_the_stand_in(stream: InsetStreamBlock) -> None:
    offered = [block.name for _group, group in stream.grouped_child_blocks() for block in group]
    assert KEPT not in offered
    assert len(offered) == 2


def test_an_inset_of_a_plugin_that_is_off_renders_nothing(stream: InsetStreamBlock) -> None:
    value = stream.to_python([{"type": "e_dokument__list", "value": "Taryfa"}])
    request = RequestFactory().get("/")
    for enabled, expected in ((frozenset(), ""), (frozenset({"e_dokument"}), "Taryfa")):
        setattr(request, "ebok_enabled", enabled)
        assert value[0].render({"request": request}) == expected
    # Without a request (search index, preview of a block) there is no site to ask.
    assert value[0].render() == "Taryfa"


def test_an_inset_of_a_room_is_always_shown(stream: InsetStreamBlock) -> None:
    value = stream.to_python([{"type": f"{registry.owners[0].key}__text", "value": "Witaj"}])
    request = RequestFactory().get("/")
    setattr(request, "ebok_enabled", frozenset())
    assert value[0].render({"request": request}) == "Witaj"


def test_the_block_list_is_not_written_into_migrations() -> None:
    field = InsetStreamField(blank=True)
    field.set_attributes_from_name("body")
    assert field.deconstruct() == ("body", "ebok.plugins.insets.InsetStreamField", [], {"blank": True})


@pytest.mark.parametrize("raw", ["", "[]", None, "not json at all"])
def test_odd_stored_values_do_not_break_the_page(stream: InsetStreamBlock, raw: Any) -> None:
    assert len(stream.to_python(raw)) == 0


def test_the_kept_block_explains_itself() -> None:
    html = insets.KeptWidget().render("body-0-value", json.dumps({"type": "x", "value": 1}))
    assert 'type="hidden"' in html
    assert html.startswith("<p>")
