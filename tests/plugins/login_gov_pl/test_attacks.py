"""What an answer of the node must not be; each is refused with a sentence, and nothing changes."""

from __future__ import annotations

import base64
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from django.test import Client

from ebok.accounts.federation.models import IdentityLink
from ebok.accounts.models import User
from ebok_plugins.login_gov_pl import back_channel
from ebok_plugins.login_gov_pl.models import LoginGovPlSettings
from ebok_plugins.login_gov_pl.saml.parsing import Untrusted, parse
from ebok_plugins.login_gov_pl.simulator.node import Behaviour
from tests.plugins.login_gov_pl.conftest import (
    ANNA,
    BACK,
    JAN,
    START,
    STRANGER,
    World,
    query_of,
    refused,
    who,
)

pytestmark = pytest.mark.django_db


def later(minutes: float) -> str:
    return (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat()


# Said by the node itself, but not to us, not now or not about this question ---------------------

WRONG: dict[str, Callable[[], Behaviour]] = {
    "response of another key": lambda: Behaviour(sign_response=STRANGER),
    "artifact response of another key": lambda: Behaviour(sign_artifact_response=STRANGER),
    "assertion of another key": lambda: Behaviour(sign_assertion=STRANGER),
    "all of another key": lambda: Behaviour(sign_response=STRANGER, sign_artifact_response=STRANGER),
    "no signature": lambda: Behaviour(unsigned=("response", "artifact_response")),
    "not encrypted": lambda: Behaviour(plain=True),
    "encrypted for somebody else": lambda: Behaviour(encrypted_for=STRANGER.key.public_key()),
    "another audience": lambda: Behaviour(assertion={"audience": "https://inny.example/"}),
    "another recipient": lambda: Behaviour(assertion={"recipient": "https://inny.example/"}),
    "another question in the assertion": lambda: Behaviour(assertion={"request": "_inne"}),
    "another question in the response": lambda: Behaviour(response={"request": "_inne"}),
    "another question in the artifact response": lambda: Behaviour(artifact_response={"request": "_inne"}),
    "another destination": lambda: Behaviour(response={"destination": "https://inny.example/"}),
    "another issuer of the assertion": lambda: Behaviour(assertion={"issuer": "inny.wezel"}),
    "another issuer of the response": lambda: Behaviour(response={"issuer": "inny.wezel"}),
    "another issuer of the artifact response": lambda: Behaviour(artifact_response={"issuer": "inny.wezel"}),
    "ended": lambda: Behaviour(assertion={"ends": later(-2)}),
    "not begun": lambda: Behaviour(assertion={"begins": later(5)}),
    "an old answer": lambda: Behaviour(response={"issued": later(-15)}),
    "an answer of tomorrow": lambda: Behaviour(response={"issued": later(60 * 24)}),
    "no moment at all": lambda: Behaviour(response={"issued": "wczoraj"}),
    "a moment without a zone": lambda: Behaviour(assertion={"ends": "2099-01-01T00:00:00"}),
    "too low a level": lambda: Behaviour(assertion={"level": "low"}),
    "an unknown level": lambda: Behaviour(assertion={"level": "cosmic"}),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_answer_is_refused(client: Client, world: World, anna: User, name: str) -> None:
    world.node.behaviour = WRONG[name]()
    assert refused(client, world.sign_in(client, ANNA))


@pytest.mark.parametrize(
    "behaviour",
    [
        lambda: Behaviour(unsigned=("response",)),
        lambda: Behaviour(unsigned=("artifact_response",)),
        lambda: Behaviour(key_bytes=16),
        lambda: Behaviour(padded=True),
        lambda: Behaviour(assertion={"begins": later(1)}),
        lambda: Behaviour(response={"issued": later(1)}),
    ],
    ids=["outer signature", "inner signature", "128-bit key", "padded parameters", "clock +1", "sent +1"],
)
def test_what_real_nodes_do_is_accepted(
    client: Client, world: World, anna: User, behaviour: Callable[[], Behaviour]
) -> None:
    world.node.behaviour = behaviour()
    world.sign_in(client, ANNA)
    assert who(client) == str(anna.pk)


def test_an_assertion_the_node_has_signed_too_is_accepted(client: Client, world: World, anna: User) -> None:
    world.node.behaviour.sign_assertion = world.node.pair
    world.sign_in(client, ANNA)
    assert who(client) == str(anna.pk)


def test_no_number_no_identity(client: Client, world: World) -> None:
    world.node.behaviour.assertion = {"identifier": "PL/PL/12345678901"}
    answer = world.sign_in(client, ANNA)
    assert answer.status_code == 403
    assert "PESEL" in answer.content.decode()


# Reading -----------------------------------------------------------------------------------------


def test_a_comment_does_not_cut_a_value(client: Client, world: World, anna: User) -> None:
    """<Issuer>a<!-- -->b</Issuer> reads as "ab" everywhere, or nowhere."""
    with pytest.raises(Untrusted):
        parse(b"<!DOCTYPE a><a/>")
    assert parse(b"<a>symulator<!-- x -->.login</a>").text == "symulator.login"


# Replayed, stolen, invented ---------------------------------------------------------------------


def test_an_answer_counts_once(world: World, anna: User) -> None:
    browser = Client()
    back = world.choose(world.begin(browser))
    assert browser.get(back).status_code == 302
    # Not 503: the node is not even asked.
    assert browser.get(back).status_code == 403


def test_an_answer_belongs_to_the_browser_that_asked(world: World, anna: User) -> None:
    back = world.choose(world.begin(Client()))
    thief = Client()
    assert refused(thief, thief.get(back))


def test_an_artifact_of_another_question_is_refused(world: World, anna: User) -> None:
    """The attacker's own artifact in the victim's browser would sign the victim in as the attacker."""
    attacker, victim = Client(), Client()
    artifact = query_of(world.choose(world.begin(attacker)))["SAMLart"]
    relay = world.begin(victim)["RelayState"]
    assert refused(victim, victim.get(BACK, {"SAMLart": artifact, "RelayState": relay}))


def test_one_assertion_counts_once_whatever_the_artifact(world: World, anna: User) -> None:
    world.node.behaviour.assertion = {"id": "ID-ta-sama"}
    first, second = Client(), Client()
    world.sign_in(first, ANNA)
    assert who(first) == str(anna.pk)
    assert refused(second, world.sign_in(second, ANNA))


@pytest.mark.parametrize(
    "artifact",
    ["", "%%%", "AAQAAA==", base64.b64encode(b"\x00\x04" + bytes(42)).decode(), "A" * 20000, "\udcff", "ą"],
)
def test_invented_artifacts_do_not_reach_the_node(
    client: Client, world: World, anna: User, artifact: str
) -> None:
    relay = world.begin(client)["RelayState"]
    answered: dict[str, Any] = {"SAMLart": artifact.encode("utf-8", "replace"), "RelayState": relay}
    answer = client.get(BACK, answered)
    assert refused(client, answer)


def test_an_artifact_nobody_got_gives_a_friendly_page(client: Client, world: World, anna: User) -> None:
    relay = world.begin(client)["RelayState"]
    answer = client.get(BACK, {"SAMLart": world.node.new_artifact(), "RelayState": relay})
    assert answer.status_code == 503
    assert who(client) is None


@pytest.mark.parametrize("query", [{}, {"RelayState": "x"}, {"SAMLart": "x"}, {"RelayState": "x" * 5000}])
def test_answers_nobody_asked_for(client: Client, world: World, anna: User, query: Any) -> None:
    assert refused(client, client.get(BACK, query))


def test_somebody_has_a_quarter_of_an_hour_over_there(client: Client, world: World, anna: User) -> None:
    back = world.choose(world.begin(client))
    session = client.session
    for question in session["login_gov_pl_requests"].values():
        question["at"] -= 15 * 60 + 5
    session.save()
    assert refused(client, client.get(back))


def test_few_questions_wait_at_once(client: Client, world: World) -> None:
    for _time in range(8):
        world.begin(client)
    assert len(client.session["login_gov_pl_requests"]) == 5


def test_somebody_elses_link_stays(world: World, anna: User) -> None:
    """Who is signed in as somebody else cannot take Anna's identity over."""
    from ebok.testing.people import person

    browser = Client()
    browser.force_login(person("inny@example.org"))
    answer = world.sign_in(browser, ANNA)
    assert answer.status_code == 403
    assert [link.user for link in IdentityLink.objects.all()] == [anna]


def test_a_second_identity_does_not_replace_the_first(world: World, anna: User) -> None:
    browser = Client()
    browser.force_login(anna)
    world.sign_in(browser, JAN)
    answer = browser.post("/konto/tozsamosc/polacz/", {"agree": "1"})
    assert answer.status_code == 403
    assert IdentityLink.objects.count() == 1


# What the node accepts of us --------------------------------------------------------------------


def test_the_node_refuses_what_we_have_not_signed(world: World) -> None:
    """So that the simulator proves our signature, too."""
    form = world.begin(Client())
    question = base64.b64decode(form["SAMLRequest"])
    changed = base64.b64encode(question.replace(b"substantial", b"low")).decode()
    answer = requests.post(world.node.sign_in_url, data={**form, "SAMLRequest": changed}, timeout=10)
    assert answer.status_code == 400
    assert "not signed" in answer.text


# The node is away -------------------------------------------------------------------------------


def test_a_dead_back_channel_gives_a_friendly_page(client: Client, world: World, anna: User) -> None:
    back = world.choose(world.begin(client))
    LoginGovPlSettings.objects.update(artifact_url="http://127.0.0.1:9/")
    answer = client.get(back)
    assert answer.status_code == 503
    assert "nie odpowiada" in answer.content.decode()
    assert who(client) is None


def test_a_silent_back_channel_gives_a_friendly_page(
    client: Client, world: World, anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(back_channel, "SECONDS", (0.2, 0.2))
    back = world.choose(world.begin(client))
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        LoginGovPlSettings.objects.update(artifact_url=f"http://127.0.0.1:{port}/")
        answer = client.get(back)
    assert answer.status_code == 503


def test_the_back_channel_follows_no_redirect(
    client: Client, world: World, anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = world.choose(world.begin(client))
    # The simulator answers its page of choices with a redirect; any address of the node will do.
    LoginGovPlSettings.objects.update(artifact_url=f"{world.node.url}/login/nowhere")
    assert client.get(back).status_code == 503


def test_begin_again_after_a_refusal(client: Client, world: World, anna: User) -> None:
    world.node.behaviour = Behaviour(sign_response=STRANGER)
    assert world.sign_in(client, ANNA).status_code == 403
    world.node.behaviour = Behaviour()
    world.sign_in(client, ANNA)
    assert who(client) == str(anna.pk)
    assert client.get(START).status_code == 405
