"""Messages to many people: stored by one statement for each channel, called off, counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connections, router, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.journal.services import record
from ebok.notifications import background
from ebok.notifications.kinds import kind_of
from ebok.notifications.models import Channel, Choice, Mailing, MailingState, Message, Phone, Refusal, State
from ebok.notifications.models.message import Urgency
from ebok.notifications.states import tell_called_off
from ebok.notifications.texts import texts_of
from ebok.ports import MessageKind

if TYPE_CHECKING:
    from django.http import HttpRequest

COLUMNS = ("user_id", "email", "language", "key", "values_json", "url")
"""What `recipients` must select."""
MORE_COLUMNS = ("phone", "owner_id")
"""What may be selected besides."""


class WrongRecipients(ValueError):
    """The query does not select what a mailing needs."""


def fill(
    kind_key: str,
    *,
    site: Site,
    recipients: QuerySet[Any, Any],
    campaign_key: str,
    title: str,
    owner_label: str = "",
    actor: User | None = None,
    request: HttpRequest | None = None,
) -> Mailing:
    """Store a message for everybody the query finds, without a row passing through Python.

    `recipients` is a `values_list` of `user_id` (NULL for a bare address), `email` ("" for none), `language`
    ("" for the portal's own), `key` (text that names the recipient once in this mailing), `values_json` (a
    JSON object of texts), `url` (absolute, or ""), and optionally `phone` and `owner_id`; with `owner_label`
    that names what each message is about, and `signals.message_changed` tells it as for a single message.
    Choices of the people are kept: who does not want e-mail about this gets none. Called again with the same
    `campaign_key` on the site, it adds those who are new and doubles nobody; the words stay those of the
    first call. A mailing that was called off runs again when there are new ones, for these alone.

    Raises `WrongRecipients`, and `kinds.UnknownKind`.
    """
    kind = kind_of(kind_key)
    names, wanted = _names(recipients), set(COLUMNS)
    if not wanted <= set(names) or set(names) - wanted - set(MORE_COLUMNS):
        raise WrongRecipients(f"A mailing needs {', '.join(COLUMNS)}; it was given {', '.join(names)}.")
    with transaction.atomic():
        mailing, created = Mailing.objects.get_or_create(
            site=site,
            campaign=campaign_key,
            defaults={
                "kind": kind.key,
                "title": title[:200],
                "texts": _snapshot(kind, site),
                "begun_by": actor,
            },
        )
        stored = {
            channel: _insert(mailing, kind, channel, recipients, owner_label) for channel in kind.channels
        }
        was_called_off = mailing.state == MailingState.CANCELLED
        _count(mailing, stored)
        if created or (was_called_off and mailing.state != MailingState.CANCELLED):
            record(
                "notifications.mailing_begun",
                text=_("Mailing begun: %(title)s") % {"title": mailing.title},
                actor=actor or "notifications",
                request=request,
                site=site,
                obj=mailing,
                payload={"kind": kind.key, "stored": {str(name): count for name, count in stored.items()}},
            )
        background.deliver_on_commit()
    return mailing


def _names(recipients: QuerySet[Any, Any]) -> list[str]:
    """What the query selects, in the order of its SQL."""
    query = recipients.query
    # Before Django 5.2 annotations stood behind the fields whatever the order that was asked for.
    selected = getattr(query, "selected", None)
    return list(selected) if selected else [*query.values_select, *query.annotation_select]


def _snapshot(kind: MessageKind, site: Site) -> dict[str, Any]:
    return {
        language: {channel: vars(texts) for channel, texts in texts_of(kind, language, site).items()}
        for language, _name in settings.LANGUAGES
    }


def _insert(
    mailing: Mailing, kind: MessageKind, channel: str, recipients: QuerySet[Any, Any], owner_label: str
) -> int:
    """One INSERT … SELECT; how many rows were new."""
    names = _names(recipients)
    alias = router.db_for_write(Message)
    connection = connections[alias]
    inner, inner_params = recipients.order_by().query.get_compiler(connection=connection).as_sql()
    is_postgresql = connection.vendor == "postgresql"
    values = "CAST(r.values_json AS jsonb)" if is_postgresql else "r.values_json"
    codes = [code for code, _name in settings.LANGUAGES]
    places = ", ".join(["%s"] * len(codes))
    now, in_portal = timezone.now(), channel == Channel.PORTAL
    address = {Channel.EMAIL: "r.email", Channel.SMS: _phone(names)}.get(Channel(channel), "''")
    params: list[Any] = [*inner_params]
    selected: list[tuple[str, str, list[Any]]] = [
        ("site_id", "%s", [mailing.site_id]),
        ("mailing_id", "%s", [mailing.pk]),
        ("kind", "%s", [kind.key]),
        ("channel", "%s", [channel]),
        ("urgency", "%s", [Urgency.MAILING]),
        ("user_id", "r.user_id", []),
        ("address", f"coalesce({address}, '')", []),
        (
            "language",
            f"CASE WHEN r.language IN ({places}) THEN r.language ELSE %s END",
            [*codes, settings.LANGUAGE_CODE],
        ),
        ("subject", "''", []),
        ("body", "''", []),
        ("action", "''", []),
        ("url", "coalesce(r.url, '')", []),
        ("values", values, []),
        ("once", "%s || r.key", [f"m{mailing.pk}|{channel}|"]),
        ("owner_label", "%s", [owner_label]),
        ("owner_id", "r.owner_id" if "owner_id" in names else "NULL", []),
        ("state", "%s", [State.DELIVERED if in_portal else State.WAITING]),
        ("created_at", "%s", [_moment(connection, now)]),
        ("next_try", "%s", [_moment(connection, now)]),
        ("attempts", "0", []),
        ("claimed_by", "''", []),
        ("sent_at", "%s", [_moment(connection, now) if in_portal else None]),
        ("settled_at", "%s", [_moment(connection, now) if in_portal else None]),
        ("error", "''", []),
        ("gate_reference", "''", []),
    ]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(name) for name, _sql, _params in selected)
    expressions = ", ".join(_typed(sql, name, is_postgresql) for name, sql, _params in selected)
    for _name, _sql, some in selected:
        params += some
    condition, condition_params = _condition(kind, channel, _phone(names))
    named = ", ".join(quote(name) for name in names)
    statement = (  # The names are ours and Django's; every value is a parameter.
        f"INSERT INTO {quote(Message._meta.db_table)} ({columns}) "  # noqa: S608
        f"WITH r({named}) AS ({inner}) "
        f"SELECT {expressions} FROM r {condition} ON CONFLICT DO NOTHING"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, *condition_params])
        return max(cursor.rowcount, 0)


def _typed(sql: str, column: str, is_postgresql: bool) -> str:
    """PostgreSQL must be told the type of a parameter in a SELECT."""
    if not is_postgresql or sql != "%s":
        return sql
    kinds = {
        "site_id": "bigint",
        "mailing_id": "bigint",
        "urgency": "smallint",
        "created_at": "timestamptz",
        "next_try": "timestamptz",
        "sent_at": "timestamptz",
        "settled_at": "timestamptz",
    }
    return f"CAST(%s AS {kinds.get(column, 'text')})"


def _moment(connection: Any, moment: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)


def _phone(names: list[str]) -> str:
    """The number the person has confirmed, or else the one that was selected."""
    return "coalesce(p.number, r.phone)" if "phone" in names else "p.number"


def _condition(kind: MessageKind, channel: str, phone: str) -> tuple[str, list[Any]]:
    """Joins and filters: who has an address there and wants this."""
    if channel == Channel.PORTAL:
        return "WHERE r.user_id IS NOT NULL", []
    address = "r.email" if channel == Channel.EMAIL else phone
    if kind.is_duty and channel == Channel.EMAIL:
        return f"WHERE {address} <> ''", []
    choice, refusal = Choice._meta.db_table, Refusal._meta.db_table
    default = "TRUE" if channel in kind.default_channels else "FALSE"
    bare = "r.user_id IS NULL"
    if channel == Channel.EMAIL:
        refused = f'SELECT 1 FROM "{refusal}" f WHERE f.address = lower(r.email) AND f."group" = %s'  # noqa: S608 (a table's name)
        bare = f"(r.user_id IS NULL AND NOT EXISTS ({refused}))"
    own = ""
    if channel == Channel.SMS:
        own = f"LEFT JOIN \"{Phone._meta.db_table}\" p ON p.user_id = r.user_id AND p.number <> '' "
    sql = (
        f'{own}LEFT JOIN "{choice}" c ON c.user_id = r.user_id AND c."group" = %s AND c.channel = %s '
        f"WHERE {address} <> '' AND ({bare} OR (r.user_id IS NOT NULL AND coalesce(c.is_wanted, {default})))"
    )
    params: list[Any] = [str(kind.group), channel]
    return sql, [*params, *([str(kind.group)] if channel == Channel.EMAIL else [])]


def _count(mailing: Mailing, stored: dict[str, int]) -> None:
    going = sum(count for channel, count in stored.items() if channel != Channel.PORTAL)
    Mailing.objects.filter(pk=mailing.pk).update(
        total=F("total") + going, in_portal=F("in_portal") + stored.get(Channel.PORTAL, 0)
    )
    if going:
        Mailing.objects.filter(pk=mailing.pk).exclude(state=MailingState.RUNNING).update(
            state=MailingState.RUNNING, finished_at=None
        )
    finish([mailing.pk])
    mailing.refresh_from_db()


def finish(keys: list[int]) -> None:
    """Mailings of which every message is settled are done."""
    Mailing.objects.filter(
        pk__in=keys, state=MailingState.RUNNING, total__lte=F("sent") + F("failed") + F("cancelled")
    ).update(state=MailingState.DONE, finished_at=timezone.now())


@transaction.atomic
def cancel_mailing(mailing: Mailing, *, actor: Any, request: HttpRequest | None = None) -> int:
    """Call off what has not gone out; how many messages. What a worker holds just now still goes."""
    current = Mailing.objects.select_for_update().get(pk=mailing.pk)
    if current.state != MailingState.RUNNING:
        return 0
    count = Message.objects.filter(mailing=current, state=State.WAITING, claimed_by="").update(
        state=State.CANCELLED, settled_at=timezone.now()
    )
    Mailing.objects.filter(pk=current.pk).update(
        state=MailingState.CANCELLED, cancelled=F("cancelled") + count, finished_at=timezone.now()
    )
    record(
        "notifications.mailing_cancelled",
        text=_("Mailing called off: %(title)s") % {"title": current.title},
        actor=actor,
        request=request,
        site=current.site,
        obj=current,
        payload={"cancelled": count, "sent": current.sent},
    )
    tell_called_off(current)
    return count
