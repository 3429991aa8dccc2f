"""The guard on publishing where no editor presses "publish": moderation and the clock."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Site, TaskState, Workflow, WorkflowContentType, WorkflowTask

from ebok.accounts.models import User
from ebok.journal.models import Detail, Event
from snippets.outages.models import Outage, Street, WaterPoint
from snippets.outages.publishing import objections
from tests.snippets.outages.conftest import NOW
from tests.snippets.outages.test_admin import LIST, typed

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Make = Callable[..., Outage]
LATE = "co najmniej 7 dni wcześniej"
DRY = "nie ma punktu z wodą"


@pytest.fixture
def staff(superuser: User, clock: Any) -> Client:
    """A browser signed in to the admin."""
    client = Client()
    client.force_login(superuser)
    return client


@pytest.fixture
def wait(staff: Client, superuser: User, clock: Any) -> Callable[[timedelta], None]:
    """`wait(5 * DAY)`: days later the person signs in again."""

    def pass_by(span: timedelta) -> None:
        clock.move_to(NOW + span)
        staff.force_login(superuser)

    return pass_by


@pytest.fixture
def moderation(db: None) -> Workflow:
    """Notices go through one approval."""
    workflow = Workflow.objects.create(name="Akceptacja")
    task = GroupApprovalTask.objects.create(name="Kierownik")
    task.groups.add(Group.objects.create(name="Kierownicy"))
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
    WorkflowContentType.objects.create(
        workflow=workflow, content_type=ContentType.objects.get_for_model(Outage)
    )
    return workflow


@pytest.fixture
def submitted(outage: Make, moderation: Workflow, superuser: User) -> Callable[..., tuple[Outage, TaskState]]:
    """`submitted(**fields)`: planned work in ten days, waiting for approval."""

    def make(**fields: Any) -> tuple[Outage, TaskState]:
        start = fields.pop("starts_at", NOW + 10 * DAY)
        values = {"kind": "planned", "starts_at": start, "expected_end": start + 5 * HOUR, **fields}
        made = outage(publish=False, **values)
        made.save_revision()
        moderation.start(made, superuser)
        state = TaskState.objects.get(workflow_state__object_id=str(made.pk))
        return made, state

    return make


def approve(staff: Client, made: Outage, state: TaskState, **headers: str) -> Any:
    """Approve from the dashboard: no form of the notice is shown there."""
    url = f"{LIST}workflow/action/{made.pk}/approve/{state.pk}/"
    return staff.post(url, {"comment": "Uzgodnione z gminą."}, headers=headers)


def is_live(made: Outage) -> bool:
    made.refresh_from_db()
    return bool(made.live)


def test_submitting_is_guarded_like_publishing(
    staff: Client, site: Site, street: Callable[..., Street], moderation: Workflow
) -> None:
    lipowa = street("Lipowa")
    refused = staff.post(f"{LIST}add/", typed(site, lipowa, "action-submit"))
    assert (refused.status_code, LATE in refused.text, "Wymiana zasuwy." in refused.text) == (200, True, True)
    assert not Outage.objects.exists()
    values = typed(site, lipowa, "action-submit", override_reason="Zasuwa puszcza.")
    assert staff.post(f"{LIST}add/", values).status_code == 302
    made = Outage.objects.get()
    assert (made.live, made.workflow_in_progress) == (False, True)


@pytest.mark.feature("A05")
def test_approving_in_time_publishes(staff: Client, submitted: Any) -> None:
    made, state = submitted()
    assert approve(staff, made, state).status_code == 302
    assert is_live(made)
    assert not Event.objects.filter(kind="snippets.outage_rule_overridden").exists()


@pytest.mark.feature("A05")
def test_approving_late_asks_for_a_reason_and_loses_nothing(staff: Client, submitted: Any, wait: Any) -> None:
    """It was in time when it was submitted; it is not when somebody gets round to approving it."""
    made, state = submitted()
    wait(5 * DAY)
    refused = approve(staff, made, state)
    assert (refused.status_code, refused["Location"]) == (302, f"{LIST}edit/{made.pk}/")
    text = staff.get(refused["Location"]).text
    assert LATE in text
    assert "Nic nie opublikowaliśmy" in text
    state.refresh_from_db()
    assert (is_live(made), state.status) == (False, TaskState.STATUS_IN_PROGRESS)


@pytest.mark.feature("A05")
def test_the_dialog_keeps_the_comment_and_says_why(staff: Client, submitted: Any, wait: Any) -> None:
    made, state = submitted()
    wait(5 * DAY)
    answer = approve(staff, made, state, x_requested_with="XMLHttpRequest").json()
    assert (answer["step"], LATE in answer["html"]) == ("action", True)
    assert "Uzgodnione z gminą." in answer["html"]
    assert not is_live(made)


@pytest.mark.feature("A04")
def test_a_long_outage_without_a_water_point_is_not_approved(
    staff: Client, submitted: Any, outage: Make
) -> None:
    dry, state = submitted(expected_end=NOW + 10 * DAY + 9 * HOUR)
    assert DRY in staff.get(approve(staff, dry, state)["Location"]).text
    assert not is_live(dry)


@pytest.mark.feature("A04")
@pytest.mark.parametrize(
    "excuse", [{"water_points": [WaterPoint(place="Rynek")]}, {"override_reason": "Wodę rozwozi gmina."}]
)
def test_a_water_point_or_a_reason_lets_it_through(
    staff: Client, submitted: Any, excuse: dict[str, Any]
) -> None:
    made, state = submitted(expected_end=NOW + 10 * DAY + 9 * HOUR, **excuse)
    approve(staff, made, state)
    assert is_live(made)


def test_sending_it_back_needs_no_reason(staff: Client, submitted: Any, wait: Any) -> None:
    made, state = submitted()
    wait(5 * DAY)
    staff.post(f"{LIST}workflow/action/{made.pk}/reject/{state.pk}/", {"comment": "Za późno."})
    state.refresh_from_db()
    assert state.status == TaskState.STATUS_REJECTED


@pytest.mark.feature("A05")
def test_approving_in_the_editor_is_guarded_and_gives_the_comment_back(
    staff: Client, submitted: Any, site: Site, wait: Any
) -> None:
    made, state = submitted()
    wait(5 * DAY)
    start = timezone.localtime(made.starts_at)
    approval = {
        "workflow-action-name": "approve",
        "workflow-action-extra-data": json.dumps({"comment": "Uzgodnione z gminą."}),
        "starts_at": f"{start:%Y-%m-%d %H:%M}",
        "expected_end": f"{start + 5 * HOUR:%Y-%m-%d %H:%M}",
    }
    values = typed(site, made.streets.get().street, "action-workflow-action", **approval)
    refused = staff.post(f"{LIST}edit/{made.pk}/", values)
    assert (refused.status_code, LATE in refused.text) == (200, True)
    assert "Uzgodnione z gminą." in refused.text
    assert not is_live(made)
    values["override_reason"] = "Zasuwa puszcza."
    assert staff.post(f"{LIST}edit/{made.pk}/", values).status_code == 302
    assert is_live(made)
    state.refresh_from_db()
    assert (state.status, state.comment) == (TaskState.STATUS_APPROVED, "Uzgodnione z gminą.")
    event = Event.objects.get(kind="snippets.outage_rule_overridden")
    assert "Zasuwa puszcza." in Detail.objects.get(event_id=event.pk).text


@pytest.mark.parametrize("comment", ["", "{", "[]", '{"comment": 3}', "null"])
def test_nonsense_beside_an_approval_is_no_fault_of_ours(
    staff: Client, submitted: Any, site: Site, wait: Any, comment: str
) -> None:
    made, _state = submitted()
    values = typed(site, made.streets.get().street, "action-workflow-action")
    values |= {"workflow-action-name": "approve", "workflow-action-extra-data": comment}
    assert staff.post(f"{LIST}edit/{made.pk}/", values).status_code == 200


# The clock --------------------------------------------------------------------------------


@pytest.mark.feature("J03", "A05")
def test_scheduling_counts_the_days_from_when_people_can_read_it(
    staff: Client, site: Site, street: Callable[..., Street]
) -> None:
    """Ten days ahead, but to be shown five days from now only: people learn of it too late."""
    start, shown = timezone.localtime(NOW + 10 * DAY), timezone.localtime(NOW + 5 * DAY)
    times = {
        "starts_at": f"{start:%Y-%m-%d %H:%M}",
        "expected_end": f"{start + 5 * HOUR:%Y-%m-%d %H:%M}",
        "go_live_at": f"{shown:%Y-%m-%d %H:%M}",
    }
    lipowa = street("Lipowa")
    refused = staff.post(f"{LIST}add/", typed(site, lipowa, "action-publish", **times))
    assert (refused.status_code, LATE in refused.text) == (200, True)
    assert not Outage.objects.exists()
    times["go_live_at"] = f"{timezone.localtime(NOW + 2 * DAY):%Y-%m-%d %H:%M}"
    assert staff.post(f"{LIST}add/", typed(site, lipowa, "action-publish", **times)).status_code == 302
    assert [made.approved_schedule for made in Outage.objects.all()] == [True]


@pytest.mark.feature("J03")
def test_a_schedule_approved_in_moderation_is_kept(staff: Client, submitted: Any, clock: Any) -> None:
    made, state = submitted(go_live_at=NOW + 2 * DAY)
    approve(staff, made, state)
    assert (is_live(made), made.approved_schedule) == (False, True)
    clock.move_to(NOW + 2 * DAY + HOUR)
    call_command("publish_scheduled", verbosity=0)
    assert is_live(made)


@pytest.mark.feature("J03")
def test_a_timer_that_was_down_publishes_late_and_the_journal_says_so(outage: Make, clock: Any) -> None:
    """Late news beats none: the clock asks nobody, so the broken promise is put on record."""
    made = outage(
        publish=False,
        kind="planned",
        starts_at=NOW + 10 * DAY,
        expected_end=NOW + 10 * DAY + HOUR,
        go_live_at=NOW + 2 * DAY,
    )
    made.save_revision().publish()
    clock.move_to(NOW + 6 * DAY)
    call_command("publish_scheduled", verbosity=0)
    assert is_live(made)
    event = Event.objects.get(kind="snippets.outage_rule_overridden")
    assert Detail.objects.get(event_id=event.pk).payload["rules"] == ["short-notice"]


def test_a_notice_that_names_no_place_is_not_approved(outage: Make) -> None:
    made = outage(publish=False, override_reason="Powód.")
    made.streets.set([])
    assert objections(made, NOW) == ["Dodaj ulicę albo wpisz tytuł, z którego widać, gdzie to jest."]
