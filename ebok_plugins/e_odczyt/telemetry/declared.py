"""What remote readings add to the module's events, tasks, messages and permissions."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ebok.plugins.activation import first_site_with
from ebok.ports import Erasure, EventKind, MessageGroup, MessageKind, PeriodicTask, Permission, Placeholder
from ebok_plugins.e_odczyt.models import FileState, ReadingSettings, RemoteFile, RemoteState
from ebok_plugins.e_odczyt.telemetry import partitions
from ebok_plugins.e_odczyt.telemetry.intake import KEPT, read_waiting
from ebok_plugins.e_odczyt.telemetry.watching import watch

YEARS = timedelta(days=5 * 365)
AT_A_TIME = timedelta(seconds=40)
"""The timer comes back every minute."""
MONTH = timedelta(days=31)
DELETED_AT_ONCE = 50_000

EVENTS = [
    EventKind(
        key="e_odczyt.remote_file_received",
        title=_("File of remote readings received"),
        erasure=Erasure.NO_PERSONAL_DATA,
        visible_to_customer=False,
    ),
    EventKind(
        key="e_odczyt.remote_file_read",
        title=_("File of remote readings read"),
        erasure=Erasure.NO_PERSONAL_DATA,
        visible_to_customer=False,
    ),
    EventKind(
        key="e_odczyt.finding_made",
        title=_("Something found in remote readings"),
        erasure=Erasure.ERASE_DETAIL,
        retention=YEARS,
    ),
    EventKind(
        key="e_odczyt.finding_answered",
        title=_("Finding answered by the client"),
        erasure=Erasure.KEEP,
        retention=YEARS,
    ),
    EventKind(
        key="e_odczyt.finding_closed",
        title=_("Finding closed by an employee"),
        erasure=Erasure.KEEP,
        retention=YEARS,
        visible_to_customer=False,
    ),
    EventKind(
        key="e_odczyt.absence_told",
        title=_("Absence told"),
        erasure=Erasure.ERASE_DETAIL,
        retention=YEARS,
    ),
    EventKind(
        key="e_odczyt.absence_removed",
        title=_("Absence removed"),
        erasure=Erasure.ERASE_DETAIL,
        retention=YEARS,
    ),
]

PERMISSIONS = [
    Permission(
        name="e_odczyt.watch",
        title=_("Can see remote readings and what was found in them"),
        granted_to=("Employees", "Administrators"),
    ),
]

MESSAGES = [
    MessageKind(
        key="e_odczyt.finding",
        title=_("Leak or something alike"),
        description=_("A leak, a burst, water flowing back or a stuck meter in remote readings."),
        group=MessageGroup.READINGS,
        channels=("email", "sms", "portal"),
        default_channels=("email", "portal"),
        values=(
            Placeholder(name="title", description=_("what was found"), sample="Water flows day and night"),
            Placeholder(
                name="sentence",
                description=_("from when to when and how much"),
                sample="6 l an hour flowed at night.",
            ),
            Placeholder(
                name="advice", description=_("what to do"), sample="Close all taps and look at the meter."
            ),
            Placeholder(name="meter", description=_("number of the meter"), sample="8TH23004512"),
            Placeholder(name="point", description=_("name of the service point"), sample="Lipowa 5"),
        ),
        subject=_("{title}: meter {meter}"),
        body=_(
            "{point}, meter {meter}.\n\n{sentence}\n\n{advice}\n\n"
            "Tell us with one click whether you know about it."
        ),
        sms=_("{title}, meter {meter}. Details in e-BOK."),
        action=_("Look and answer"),
    ),
]


def take_files() -> str | None:
    """Read files that wait."""
    portions = read_waiting(timezone.now() + AT_A_TIME)
    if not portions:
        return None
    words = ngettext("%(count)d portion was read.", "%(count)d portions were read.", portions)
    return words % {"count": portions}


def look_at_meters() -> str | None:
    """Look at meters with new states."""
    seen, made = watch(timezone.now() + AT_A_TIME)
    if not seen:
        return None
    return ngettext(
        "%(seen)d meter was looked at, new findings: %(made)d.",
        "%(seen)d meters were looked at, new findings: %(made)d.",
        seen,
    ) % {"seen": seen, "made": made}


def keep_house() -> str | None:
    """Make the partitions to come; let go of states and files past their time."""
    partitions.create_missing()
    read = RemoteFile.objects.filter(state=FileState.READ, received_at__lt=timezone.now() - KEPT)
    for file in read.exclude(file="")[:100]:
        file.file.delete(save=False)
        RemoteFile.objects.filter(pk=file.pk).update(file="")
    site = first_site_with("e_odczyt")
    months = ReadingSettings.for_site(site).remote_months if site else 0
    if not months:
        return None
    until = timezone.now() - months * MONTH
    partitions.drop_before(until)
    old = RemoteState.objects.filter(moment__lt=until).order_by("moment").values_list("meter_id", "moment")
    rows = list(old[:DELETED_AT_ONCE])
    for meter_id in sorted({meter for meter, _moment in rows}):
        last = max(moment for meter, moment in rows if meter == meter_id)
        RemoteState.objects.filter(Q(moment__lt=until), meter_id=meter_id, moment__lte=last).delete()
    return None


TASKS = [
    PeriodicTask(
        key="e_odczyt.take_files",
        title=_("Reading files of remote readings"),
        run=take_files,
        every=timedelta(minutes=1),
    ),
    PeriodicTask(
        key="e_odczyt.look_at_meters",
        title=_("Looking for leaks in remote readings"),
        run=look_at_meters,
        every=timedelta(minutes=5),
    ),
    PeriodicTask(
        key="e_odczyt.remote_house",
        title=_("Room for remote readings, and what is past its time"),
        run=keep_house,
        every=timedelta(days=1),
        when_disabled=True,
    ),
]
