"""A message to everybody: `python -m tests.bench outbox`, on PostgreSQL.

Filling the outbox beside a bare INSERT … SELECT into the same table, claiming in batches beside one by one,
and a letter filled into prepared bytes beside the one Django builds. Each pair in the same run, in turn.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench import figures, sizes
from tests.bench.figures import Figure, at_least, at_most, told
from tests.bench.servers import say

MOST_PEOPLE = 200_000
ONE_BY_ONE = 300
BATCH = 1_000
LETTERS = 4_000
DJANGOS = 200
LINK = "https://bok.example/konto/bez-listow/u1.messages.0123456789abcdef01234567/"

BARE = """
INSERT INTO notifications_message
    (site_id, kind, channel, urgency, user_id, address, language, subject, body, action, url, "values", once,
     owner_label, state, created_at, next_try, attempts, claimed_by, error, gate_reference)
SELECT %s, 'bench.news', 'email', 2, id, email, 'pl', '', '', '', 'https://bok.example/', '{"n": "1"}'::jsonb,
       '', '', 'waiting', now(), now(), 0, '', '', ''
FROM accounts_user
"""


def measure(people: int, rounds: int) -> list[Figure]:
    """The three ratios of `performance.md`, and that a restart doubles nothing."""
    from wagtail.models import Site

    site = Site.objects.get(is_default_site=True)
    _people(people)
    say(f"Outbox of {people} people …")
    return [*_filling(site, people, rounds), *_claiming(people), *_letters(site, rounds)]


def _people(count: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_user (password, is_superuser, first_name, last_name, is_staff, is_active, "
            "date_joined, email, public_id, language, lock_reason) "
            "SELECT '', false, 'Jan', 'Nowak', false, true, now(), 'osoba' || n || '@example.org', "
            "gen_random_uuid(), 'pl', '' FROM generate_series(1, %s) n",
            [count],
        )
        # One in ten wants no letters, as in life.
        cursor.execute(
            'INSERT INTO notifications_choice (user_id, "group", channel, is_wanted) '
            "SELECT id, 'messages', 'email', id % 10 <> 0 FROM accounts_user WHERE id % 2 = 0"
        )
        cursor.execute("ANALYZE")


def _everybody() -> Any:
    from django.db.models import CharField, F, Value
    from django.db.models.functions import Cast, JSONObject

    from ebok.accounts.models import User

    return User.objects.annotate(
        user_id=F("pk"),
        key=Cast("pk", CharField()),
        values_json=JSONObject(n=Value("1")),
        url=Value("https://bok.example/"),
    ).values_list("user_id", "email", "language", "key", "values_json", "url")


def _filling(site: Any, people: int, rounds: int) -> list[Figure]:
    from django.db import connection

    from ebok.notifications.mailings import fill
    from ebok.notifications.models import Mailing, Message

    def emptied() -> None:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE notifications_message, notifications_mailing CASCADE")

    def bare() -> int:
        with connection.cursor() as cursor:
            cursor.execute(BARE, [site.pk])
            return int(cursor.rowcount)

    def ours() -> int:
        mailing = fill(
            "bench.news", site=site, recipients=_everybody(), campaign_key="bench", title="Nowości"
        )
        return int(mailing.total)

    rates: dict[str, list[float]] = {"bare": [], "ours": [], "again": []}
    for _round in range(rounds):
        for name, step in (("bare", bare), ("ours", ours)):
            emptied()
            seconds, count = _timed(step)
            rates[name].append(count / seconds)
        stored = Message.objects.count()
        seconds, _total = _timed(ours)
        rates["again"].append(people / seconds)
    doubled = Message.objects.count() - stored
    assert Mailing.objects.count() == 1
    per_second = {name: statistics.median(found) for name, found in rates.items()}
    ratio = statistics.median(o / b for o, b in zip(rates["ours"], rates["bare"], strict=True))
    return [
        at_least(
            "filling the outbox / bare INSERT … SELECT into it, rows a second",
            0.5,
            ratio,
            f"{per_second['ours']:.0f} and {per_second['bare']:.0f}",
        ),
        told("  the same filled again", f"{per_second['again']:.0f} people a second"),
        at_most("messages doubled by filling again", 0, doubled, firm=True),
    ]


def _claiming(people: int) -> list[Figure]:
    from ebok.notifications.channels.outcomes import HandedOver
    from ebok.notifications.delivery import claim, complete

    def some(count: int, most: int) -> int:
        done = 0
        while done < most and (messages := claim(count, worker="bench")):
            complete([HandedOver(message=message) for message in messages])
            done += len(messages)
        return done

    some(1, 20)
    single_rates, batch_rates = [], []
    for _turn in range(3):
        seconds, count = _timed(lambda: some(1, ONE_BY_ONE))
        single_rates.append(count / seconds)
        seconds, count = _timed(lambda: some(BATCH, min(people // 5, 10 * BATCH)))
        batch_rates.append(count / seconds)
    single, batch = statistics.median(single_rates), statistics.median(batch_rates)
    return [
        at_least(
            f"claimed and completed, {BATCH} in a batch / one by one",
            20,
            batch / single,
            f"{batch:.0f} and {single:.0f} a second",
        )
    ]


def _letters(site: Any, rounds: int) -> list[Figure]:
    from django.core.mail import EmailMultiAlternatives

    from ebok.notifications.channels.letters import headers_of, rendered
    from ebok.notifications.channels.prepared import PreparedLetter
    from ebok.notifications.kinds import kind_of
    from ebok.notifications.models import Mailing, Message
    from ebok.notifications.texts import texts_in

    mailing = Mailing.objects.get()
    prepared = PreparedLetter(mailing, kind_of("bench.news"), "pl")
    messages = list(Message.objects.prefetch_related("site", "mailing").order_by("pk")[:LETTERS])
    text, html = rendered(
        texts_in(messages[0], "email"), site, url="https://bok.example/", unsubscribe_url=LINK
    )
    ours, djangos, slow = [], [], []

    def by_django(message: Any) -> bytes:
        letter = EmailMultiAlternatives(
            "Nowości: żółw 1", text, to=[message.address], headers=headers_of(message, LINK)
        )
        letter.attach_alternative(html, "text/html")
        return bytes(letter.message().as_bytes(linesep="\r\n"))  # type: ignore[call-arg]  # of Django

    def with_templates(message: Any) -> bytes:
        rendered(texts_in(message, "email"), site, url=message.url)
        return by_django(message)

    for _round in range(max(rounds, 5)):
        seconds, _none = _timed(lambda: [prepared.bytes_for(message) for message in messages])
        ours.append(seconds / len(messages))
        seconds, _none = _timed(lambda: [by_django(message) for message in messages[:DJANGOS]])
        djangos.append(seconds / DJANGOS)
        seconds, _none = _timed(lambda: [with_templates(message) for message in messages[:20]])
        slow.append(seconds / 20)
    mine, theirs, whole = (statistics.median(found) for found in (ours, djangos, slow))
    return [
        at_least(
            "Django's building of a letter / filling a prepared one, time",
            50,
            theirs / mine,
            f"{theirs * 1e6:.0f} µs and {mine * 1e6:.1f} µs",
        ),
        told("  Django's, with drawing its templates", f"{whole * 1e6:.0f} µs"),
    ]


def _timed(step: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    found = step()
    return time.perf_counter() - began, found


def _declare() -> None:
    """A kind of news, as a module would declare it."""
    from ebok.plugins.registry import registry
    from ebok.ports import MessageGroup, MessageKind, Placeholder

    kind = MessageKind(
        key="bench.news",
        title="Nowości",
        group=MessageGroup.MESSAGES,
        subject="Nowości: żółw {n}",
        body="Mamy dla Ciebie nowości numer {n}.\n\nZajrzyj do portalu, aby je przeczytać.",
        action="Przeczytaj",
        channels=("email",),
        default_channels=("email",),
        values=(Placeholder(name="n", description="numer", sample="1"),),
    )
    registry.contributions("message_kinds").append((registry.owners[0], kind))


def main() -> None:
    """Fill a database and write the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--into", type=Path, required=True)
    sizes.add_arguments(parser)
    options = parser.parse_args()

    import django

    django.setup()
    from django.core.management import call_command

    wanted = sizes.chosen(options)
    call_command("migrate", verbosity=0)
    _declare()
    figures.write(options.into, measure(min(wanted.customers, MOST_PEOPLE), wanted.rounds))


if __name__ == "__main__":
    main()
