"""One customer's data renewed on demand (K12), through the same pipeline as a delivery of changes.

Asked are the adapters that plugins bring (`data_sources.py`), or the databases that profiles read; every
query is narrowed to the customer.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ebok.exchange import natural_keys, pipeline
from ebok.exchange.declared import declared_datasets
from ebok.exchange.freshness import REFRESH
from ebok.exchange.models import Delivery
from ebok.exchange.profiles import (
    ColumnMap,
    DatasetMap,
    Profile,
    ProfileError,
    available_profiles,
    load_profile,
)
from ebok.exchange.sources import Member, Received, receive_sql
from ebok.exchange.sources.databases import statement
from ebok.exchange.sources.mapping import folded
from ebok.exchange.sources.receiving import received
from ebok.exchange.validation import canonical, hashed_cell
from ebok.journal.services import record
from ebok.plugins.contract import PluginConfig
from ebok.plugins.models import PluginActivation
from ebok.plugins.registry import registry
from ebok.ports import DataSource
from ebok.ports.datasets import Column, Dataset, Stored, Value

if TYPE_CHECKING:
    from sqlalchemy import Connection, Executable

    from ebok.accounts.models import User

CUSTOMERS = "customers"
"""The dataset whose natural key is the customer's code."""
CODE = "customer_code"
"""The column that says whose a row of any other dataset is."""
LONGEST_CODE = 40


class CannotRefresh(Exception):
    """The customer's data cannot be renewed now; `sentence` says why. Nothing was changed."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Way:
    """Something that can be asked about one customer."""

    key: str
    title: str
    adapter: DataSource | None = None
    profile: Profile | None = None


def ways() -> list[Way]:
    """Everything that can be asked, adapters first; those of modules that are off everywhere are not."""
    on = set(PluginActivation.objects.filter(enabled=True).values_list("plugin", flat=True))
    adapters = [
        Way(source.key, str(source.title), adapter=source)
        for owner, source in registry.contributions("data_sources")
        if not isinstance(owner, PluginConfig) or owner.key in on
    ]
    try:
        profiles = [
            profile
            for profile in available_profiles()
            if profile.reads_database and os.environ.get(profile.url_variable)
        ]
    except ProfileError:
        # A broken profile is told on the status board; the others must still work.
        profiles = []
    return adapters + [Way(profile.name, profile.title, profile=profile) for profile in profiles]


def refresh_customer(code: str, *, profile: str = "", user: User | None = None) -> Delivery:
    """Renew everything that is known of the customer and say what became of it.

    `profile` names a way (an adapter's key or a profile that reads a database); without it the only one
    there is, is taken. Raises `CannotRefresh`, and `Busy` while another import runs.
    """
    return pipeline.proceed(receive_customer(code, profile=profile, user=user).pk)


def receive_customer(code: str, *, profile: str = "", user: User | None = None) -> Delivery:
    """Ask about the customer and keep the answer as a delivery of changes. Raises `CannotRefresh`."""
    code = code.strip()
    if not code.isprintable() or len(code) > LONGEST_CODE or natural_keys.find(CUSTOMERS, code) is None:
        raise CannotRefresh(_("There is no customer “%(code)s”.") % {"code": code[:LONGEST_CODE]})
    way = _way(profile)
    try:
        delivery = pipeline.receive(
            [],
            profile=way.profile.name if way.profile else "neutral",
            complete=False,
            way_in=REFRESH,
            user=user,
            fetch=lambda folder: _fetch(way, code, folder),
        )
    except pipeline.SourceRefused as refused:
        raise CannotRefresh(refused.sentence) from refused
    _note(delivery, code, user)
    return delivery


def _way(name: str) -> Way:
    found = [way for way in ways() if not name or way.key == name]
    if len(found) == 1:
        return found[0]
    if not found and name:
        try:
            load_profile(name)
        except ProfileError as unknown:
            raise CannotRefresh(str(unknown)) from unknown
        raise CannotRefresh(_("“%(name)s” cannot be asked about one customer.") % {"name": name})
    if not found:
        raise CannotRefresh(_("There is no system that could be asked about one customer."))
    names = ", ".join(way.key for way in found)
    raise CannotRefresh(_("Several systems could be asked: %(names)s. Name one.") % {"names": names})


def _note(delivery: Delivery, code: str, user: User | None) -> None:
    """Somebody asked for exactly this change, so nobody need approve it once more."""
    with transaction.atomic():
        # The name stands in events that are kept; the customer's code only in the one that can be erased.
        name = _("One customer, from %(system)s") % {"system": delivery.name}
        delivery.name, delivery.approved_at, delivery.approved_by = name[:255], timezone.now(), user
        delivery.save(update_fields=["name", "approved_at", "approved_by"])
        owner = natural_keys.find(CUSTOMERS, code)
        record(
            "exchange.customer_refreshed",
            text=_("The data of customer %(code)s were asked for anew") % {"code": code},
            actor=user,
            customer_id=owner.object_id if owner else None,
            obj=delivery,
        )


def _fetch(way: Way, code: str, folder: Path) -> Received:
    if way.profile is not None:
        return receive_sql(
            way.profile,
            folder,
            ask=lambda connection, dataset, mapped: _about(connection, dataset, mapped, code),
        )
    if way.adapter is None:
        raise LookupError(way.key)
    try:
        return _kept(way.adapter, code, folder)
    except CannotRefresh:
        raise
    except Exception as error:
        # An adapter may raise anything: its system is not ours.
        raise CannotRefresh(
            _("%(system)s did not answer (%(error)s). Nothing was changed; try again later.")
            % {"system": way.title, "error": type(error).__name__}
        ) from error


# A database, asked about one customer --------------------------------------------------------


def _about(connection: Connection, dataset: Dataset, mapped: DatasetMap, code: str) -> Executable | None:
    """The dataset's query narrowed to the customer; None for what belongs to nobody."""
    from sqlalchemy import column, false, select, text  # noqa: PLC0415 (as in sources.databases)

    name = _code_column(dataset)
    if name is None:
        return None
    inner = text(f"({mapped.query.rstrip().rstrip(';')}) q") if mapped.query else text(mapped.table)
    with connection.execute(
        select(text("*")).select_from(inner).where(false()), execution_options={"stream_results": False}
    ) as empty:
        headers = list(empty.keys())
    rule = mapped.columns.get(name, ColumnMap(headers=(name,)))
    wanted = {folded(header) for header in rule.headers}
    found = next((header for header in headers if folded(header) in wanted), None)
    if found is None:
        raise CannotRefresh(
            _("The profile does not tell in which column of “%(dataset)s” the customer stands.")
            % {"dataset": dataset.title}
        )
    whole = statement(mapped) if not mapped.query else None
    narrowed = select(text("*")).select_from(inner) if whole is None else whole
    return narrowed.where(column(found) == _their_word(rule, code))  # type: ignore[attr-defined]


def _code_column(dataset: Dataset) -> str | None:
    if dataset.owns_itself:
        return dataset.natural_key[0]
    return CODE if any(column.name == CODE for column in dataset.columns) else None


def _their_word(rule: ColumnMap, code: str) -> str:
    """What the billing system writes for the code."""
    return next((theirs for theirs, ours in rule.words.items() if ours == code), code)


# An adapter, asked about one customer ----------------------------------------------------------


def _kept(adapter: DataSource, code: str, folder: Path) -> Received:
    """Write what the adapter answers as a neutral delivery; only rows of this customer are let in."""
    known = {dataset.key: dataset for dataset in declared_datasets()}
    folder.mkdir(parents=True, exist_ok=True)
    members: dict[str, Member] = {}
    for key, rows in adapter.fetch(code):
        if key not in known or key in members:
            raise CannotRefresh(
                _("%(system)s answered with “%(dataset)s”, which cannot be taken.")
                % {"system": adapter.title, "dataset": str(key)[:60]}
            )
        members[key] = _write_rows(known[key], rows, code, folder)
    if not members:
        raise CannotRefresh(_("%(system)s knows nothing of this customer.") % {"system": adapter.title})
    return received(str(adapter.title), members.values())


def _write_rows(dataset: Dataset, rows: Iterable[Any], code: str, folder: Path) -> Member:
    path = folder / f"{dataset.key}.jsonl"
    name = _code_column(dataset)
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps({"": [column.name for column in dataset.columns]}) + "\n")
        for row in rows:
            if name is not None and str(row.get(name, "")) != code:
                raise CannotRefresh(
                    _("The system answered with rows of another customer; nothing was taken.")
                )
            cells = {column.name: _text(column, row.get(column.name)) for column in dataset.columns}
            file.write(json.dumps(cells, ensure_ascii=False) + "\n")
    content = path.read_bytes()
    return Member(path.name, hashlib.sha256(content).hexdigest(), len(content))


def _text(column: Column, value: Value) -> str | None:
    if value is None:
        return None
    if column.stored is Stored.KEYED_HASH:
        return hashed_cell(column, str(value))
    return value if isinstance(value, str) else canonical(column, value)
