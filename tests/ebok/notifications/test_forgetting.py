"""Messages of an erased person, and of long ago; the status board."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.accounts.services import delete_account
from ebok.notifications.delivery import deliver_due
from ebok.notifications.forgetting import KEEP_FILES, KEEP_MESSAGES, prune
from ebok.notifications.models import Attachment, Choice, Message, State
from ebok.notifications.services import File, send
from ebok.notifications.status import outbox, sms_gate
from ebok.ports import NotSent, StatusLight
from tests.ebok.notifications.conftest import INVOICE, NOTICE, VALUES, Gate

pytestmark = pytest.mark.django_db


def test_an_erased_person_gets_nothing_and_is_nowhere(site: Site, client_user: User, superuser: User) -> None:
    """What waits is called off; what went out no longer says to whom."""
    Choice.objects.create(user=client_user, group="bills", channel="sms", is_wanted=True)
    send(NOTICE.key, site=site, user=client_user)
    deliver_due()
    send(INVOICE.key, site=site, user=client_user, values=VALUES, attachments=[File(name="x", content=b"x")])
    delete_account(client_user, reason="test", actor=superuser, request=None)
    assert set(Message.objects.values_list("state", "user", "address", "subject", "body")) == {
        (State.CANCELLED, None, "", "", ""),
        (State.SENT, None, "", "", ""),
    }
    assert (Attachment.objects.count(), Choice.objects.count()) == (0, 0)


def test_old_things_go(site: Site, client_user: User) -> None:
    """Files first, messages much later; what waits stays."""
    send(INVOICE.key, site=site, user=client_user, values=VALUES, attachments=[File(name="x", content=b"x")])
    deliver_due()
    send(INVOICE.key, site=site, user=client_user, values=VALUES)
    Message.objects.update(created_at=timezone.now() - KEEP_FILES - timedelta(days=1))
    assert prune() == 1
    assert (Attachment.objects.count(), Message.objects.count()) == (0, 4)
    Message.objects.update(created_at=timezone.now() - KEEP_MESSAGES - timedelta(days=1))
    assert prune() == 3
    assert Message.objects.get().state == State.WAITING
    assert prune() == 0


def test_the_board(site: Site, gate: Gate) -> None:
    """Green, then yellow for what did not arrive, red for what should be gone."""
    assert (outbox(site).light, sms_gate(site).light) == (StatusLight.OK, StatusLight.OK)
    gate.refusal = NotSent("nie", is_final=True)
    send(INVOICE.key, site=site, phone="600100200", values=VALUES)
    deliver_due()
    assert outbox(site).light == StatusLight.WARNING
    send(INVOICE.key, site=site, phone="600100200", values=VALUES)
    Message.objects.filter(state=State.WAITING).update(next_try=timezone.now() - timedelta(hours=2))
    assert outbox(site).light == StatusLight.ERROR


def test_the_board_without_a_gate(site: Site, awake: None) -> None:
    """A warning only when somebody waits for a text message."""
    assert sms_gate(site).light == StatusLight.OK
    send(INVOICE.key, site=site, phone="600100200", values=VALUES)
    assert sms_gate(site).light == StatusLight.WARNING
