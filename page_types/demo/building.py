"""Small tools of the demo content: blocks in short, and planting a page in both languages."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from wagtail.models import Page

if TYPE_CHECKING:
    from ebok.operations.demo_world import World

Block = dict[str, Any]


def block(name: str, value: Any) -> Block:
    """An inset of the portal itself, as it is stored."""
    return {"type": f"page_types__{name}", "value": value}


def text(html: str) -> Block:
    """Running text."""
    return block("text", html)


def note(sentence: str, more: str = "", tone: str = "info") -> Block:
    """A note."""
    return block("note", {"tone": tone, "sentence": sentence, "text": f"<p>{more}</p>" if more else ""})


def questions(heading: str, *pairs: tuple[str, str]) -> Block:
    """Questions that open to their answers."""
    return block(
        "accordion",
        {
            "heading": heading,
            "items": [{"question": ask, "answer": f"<p>{answer}</p>"} for ask, answer in pairs],
        },
    )


def table(caption: str, headings: Sequence[str], rows: Sequence[Sequence[Any]], remark: str = "") -> Block:
    """A table of texts whose first column names the rows."""
    return block(
        "table",
        {
            "caption": caption,
            "table": {
                "columns": [{"type": "text", "heading": heading} for heading in headings],
                "rows": [{"values": list(row)} for row in rows],
                "caption": "",
            },
            "row_headings": True,
            "note": remark,
        },
    )


def picture(image_id: int, alt: str, caption: str = "") -> Block:
    """A picture that says something."""
    return block("picture", {"image": image_id, "alt": alt, "decorative": False, "caption": caption})


def downloads(heading: str, *files: int) -> Block:
    """Files to download."""
    return block("downloads", {"heading": heading, "files": [{"file": pk, "title": ""} for pk in files]})


def stored(blocks: Sequence[Block]) -> str:
    """Blocks as a body takes them."""
    return json.dumps(list(blocks))


@dataclass(frozen=True)
class Words:
    """A page's words in one language. `extra` are further fields of its type."""

    title: str
    slug: str
    lead: str = ""
    body: Sequence[Block] = ()
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Pair:
    """The same page in both languages."""

    polish: Page
    english: Page


class Planter:
    """Plants pages in both languages; a page that is there already is left as it is."""

    def __init__(self, world: World) -> None:
        self.world = world

    def plant(
        self,
        parent: Pair,
        model: type[Page],
        polish: Words,
        english: Words,
        *,
        days_ago: float = 30,
        finish: Callable[[Page, str], None] | None = None,
        **shared: Any,
    ) -> Pair:
        """Plant one page below `parent`. `shared` are fields that are the same in both languages.

        `finish(page, language)` may add children before the page is published.
        """
        moment = self.world.now - timedelta(days=days_ago)
        first = self._grow(parent.polish, model, polish, "pl", shared=shared, finish=finish, moment=moment)
        key = first.translation_key
        second = self._grow(
            parent.english, model, english, "en", shared=shared, finish=finish, moment=moment, key=key
        )
        return Pair(first, second)

    def _grow(
        self,
        parent: Page,
        model: type[Page],
        words: Words,
        language: str,
        *,
        shared: dict[str, Any],
        finish: Callable[[Page, str], None] | None,
        moment: datetime,
        key: Any = None,
    ) -> Page:
        found = parent.get_children().filter(slug=words.slug).first()
        if found is not None:
            return found.specific
        names = {column.name for column in model._meta.get_fields()}
        content: dict[str, Any] = {**shared, **words.extra}
        if "body" in names and words.body:
            content["body"] = stored(words.body)
        if "lead" in names:
            content["lead"] = words.lead
        page = model(
            title=words.title,
            slug=words.slug,
            locale=self.world.polish if language == "pl" else self.world.english,
            search_description=words.lead[:255],
            live=False,
            **content,
        )
        if key is not None:
            page.translation_key = key
        parent.add_child(instance=page)
        if finish is not None:
            finish(page, language)
        self.publish(page, moment)
        return page

    def publish(self, page: Page, moment: datetime) -> None:
        """Publish by the editor, and date it back so that not everything is of today."""
        page.save_revision(user=self.world.users.get("editor")).publish()
        type(page).objects.filter(pk=page.pk).update(
            first_published_at=moment, last_published_at=moment, latest_revision_created_at=moment
        )
        page.refresh_from_db()
