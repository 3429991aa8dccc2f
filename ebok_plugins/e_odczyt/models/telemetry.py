"""Remote readings: files as they came, states of meters, what devices reported, what was found (C-5)."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ebok.customers.models import Customer, Meter
from ebok_plugins.e_odczyt.storage import remote_path, remote_storage
from ebok_plugins.e_odczyt.telemetry.alarms import Alarm
from ebok_plugins.e_odczyt.telemetry.detecting import Kind
from ebok_plugins.e_odczyt.telemetry.wording import NAMES


class RemoteState(models.Model):
    """The state of a meter at a moment, in cubic metres, with the alarms its device told.

    Meter and moment are the key, so a state that comes again changes nothing, whoever holds the meter now;
    `customer` is who held it then. No foreign key in the database, as with the mirrored readings. On
    PostgreSQL the table is partitioned by month and its key covers the value (`telemetry.partitions`).
    """

    pk = models.CompositePrimaryKey("meter_id", "moment")
    meter = models.ForeignKey(
        Meter,
        verbose_name=_("meter"),
        on_delete=models.DO_NOTHING,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    moment = models.DateTimeField(_("moment"))
    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        on_delete=models.DO_NOTHING,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    value = models.DecimalField(_("reading"), max_digits=12, decimal_places=3)
    flags = models.PositiveIntegerField(_("alarms"), default=0)

    wagtail_reference_index_ignore: ClassVar[bool] = True

    class Meta:
        default_permissions = ()
        verbose_name = _("remote state")
        verbose_name_plural = _("remote states")

    def __str__(self) -> str:
        return f"{self.moment} {self.value}"

    @property
    def litres(self) -> int:
        """The state in litres."""
        return int(self.value * 1000)


class RemoteMeter(models.Model):
    """A meter of which remote states come: where they begin and end, and whether they were looked at."""

    meter = models.OneToOneField(
        Meter, verbose_name=_("meter"), primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    first_moment = models.DateTimeField(_("first state"))
    last_moment = models.DateTimeField(_("last state"))
    last_value = models.DecimalField(_("reading"), max_digits=12, decimal_places=3)
    last_flags = models.PositiveIntegerField(_("alarms"), default=0)
    news = models.PositiveIntegerField(_("deliveries not looked at"), default=0)
    """Raised by every delivery; the detection takes away what it has seen, so nothing slips through."""

    class Meta:
        default_permissions = ()
        verbose_name = _("remotely read meter")
        verbose_name_plural = _("remotely read meters")
        indexes = [
            models.Index(fields=["customer", "meter"], name="e_odczyt_remote_own"),
            models.Index(fields=["meter"], name="e_odczyt_remote_news", condition=models.Q(news__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.meter_id}: {self.last_moment}"


class FileState(models.TextChoices):
    """How far a file was read."""

    WAITING = "waiting", pgettext_lazy("a file of remote readings", "waiting")
    READING = "reading", pgettext_lazy("a file of remote readings", "being read")
    READ = "read", pgettext_lazy("a file of remote readings", "read")
    FAILED = "failed", pgettext_lazy("a file of remote readings", "not readable")


class RemoteFile(models.Model):
    """A file of remote readings, stored before anybody judged it; the same bytes are taken once."""

    name = models.CharField(_("file"), max_length=200)
    file = models.FileField(storage=remote_storage, upload_to=remote_path, editable=False)
    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    size = models.PositiveBigIntegerField(_("size"))
    state = models.CharField(_("state"), max_length=8, choices=FileState, default=FileState.WAITING)
    received_at = models.DateTimeField(_("received"))
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    lines_done = models.PositiveIntegerField(_("lines read"), default=0)
    """Lines up to here are done for good; a process that was killed goes on after them."""
    taken = models.PositiveIntegerField(_("states taken"), default=0)
    known = models.PositiveIntegerField(_("states known before"), default=0)
    refused = models.PositiveIntegerField(_("lines refused"), default=0)

    class Meta:
        default_permissions = ()
        verbose_name = _("file of remote readings")
        verbose_name_plural = _("files of remote readings")

    def __str__(self) -> str:
        return self.name


class RefusedLine(models.Model):
    """A line of a file that was not taken, and why."""

    file = models.ForeignKey(
        RemoteFile, verbose_name=_("file"), on_delete=models.CASCADE, related_name="refused_lines"
    )
    number = models.PositiveIntegerField(_("line"))
    why = models.CharField(_("reason"), max_length=20)
    text = models.CharField(_("beginning of the line"), max_length=200, blank=True, default="")

    class Meta:
        default_permissions = ()
        verbose_name = _("refused line")
        verbose_name_plural = _("refused lines")
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="e_odczyt_refused_once")]

    def __str__(self) -> str:
        return f"{self.number}: {self.why}"


ALARM_TITLES = {
    Alarm.LEAK: pgettext_lazy("alarm", "leak"),
    Alarm.REVERSE_FLOW: pgettext_lazy("alarm", "water flows back"),
    Alarm.MAGNETIC_FIELD: pgettext_lazy("alarm", "magnet"),
    Alarm.MEASUREMENT_UNCHANGED: pgettext_lazy("alarm", "counts nothing"),
    Alarm.MINIMUM_FLOW: pgettext_lazy("alarm", "flow too small"),
    Alarm.MAXIMUM_FLOW: pgettext_lazy("alarm", "flow too big"),
    Alarm.DEVICE_DISCONNECTED: pgettext_lazy("alarm", "module taken off"),
    Alarm.BATTERY_LOW: pgettext_lazy("alarm", "battery low"),
    Alarm.BURST: pgettext_lazy("alarm", "burst"),
    Alarm.TAMPER: pgettext_lazy("alarm", "tampered with"),
    Alarm.DRY: pgettext_lazy("alarm", "no water in the meter"),
    Alarm.FROST: pgettext_lazy("alarm", "frost"),
    Alarm.FAULT: pgettext_lazy("alarm", "fault of the device"),
}


class MeterAlarm(models.Model):
    """A device reported something from `begin` on, last at `last_at`."""

    meter = models.ForeignKey(
        Meter, verbose_name=_("meter"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.PositiveIntegerField(
        _("alarm"), choices=[(int(alarm), title) for alarm, title in ALARM_TITLES.items()]
    )
    begin = models.DateTimeField(_("since"))
    last_at = models.DateTimeField(_("last told"))

    class Meta:
        default_permissions = ()
        verbose_name = _("alarm of a meter")
        verbose_name_plural = _("alarms of meters")
        constraints = [
            models.UniqueConstraint(fields=["meter", "kind", "begin"], name="e_odczyt_alarm_once"),
            models.CheckConstraint(
                condition=models.Q(last_at__gte=models.F("begin")), name="e_odczyt_alarm_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meter_id}: {self.get_kind_display()}"


class FindingState(models.TextChoices):
    """What became of a finding."""

    NEW = "new", pgettext_lazy("a finding", "new")
    TOLD = "told", pgettext_lazy("a finding", "client told")
    MUTED = "muted", pgettext_lazy("a finding", "not told")
    """The client has answered such a thing before, or it is only worth knowing."""
    ANSWERED = "answered", pgettext_lazy("a finding", "answered")
    CLOSED = "closed", pgettext_lazy("a finding", "closed")


class Answer(models.TextChoices):
    """What the client says about a finding."""

    MINE = "mine", _("I know, it was me")
    CHECK = "check", _("I will check")
    WRONG = "wrong", _("This is a mistake")


FINDING_KINDS = [(kind.value, NAMES[kind]) for kind in Kind]


class Finding(models.Model):
    """Something the states of a meter tell, with its size and how sure it is.

    While it goes on, the same finding grows. Of a meter one of a kind is open at a time.
    """

    meter = models.ForeignKey(
        Meter, verbose_name=_("meter"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(_("what was found"), max_length=10, choices=FINDING_KINDS)
    begin = models.DateTimeField(_("from"))
    end = models.DateTimeField(_("to"))
    flow = models.FloatField(_("litres per hour"))
    litres = models.PositiveBigIntegerField(_("litres"))
    confidence = models.FloatField(_("confidence"))
    is_open = models.BooleanField(_("goes on"), default=True)
    state = models.CharField(_("state"), max_length=8, choices=FindingState, default=FindingState.NEW)
    found_at = models.DateTimeField(_("found"))
    told_at = models.DateTimeField(_("client told"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=5, choices=Answer, blank=True, default="")
    remark = models.CharField(_("remark"), max_length=300, blank=True, default="")
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("answered by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    note = models.CharField(_("note of the employee"), max_length=300, blank=True, default="")
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("closed by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        indexes = [
            models.Index(fields=["customer", "-begin"], name="e_odczyt_finding_list"),
            models.Index(fields=["meter", "kind", "-end"], name="e_odczyt_finding_meter"),
            models.Index(
                fields=["-id"],
                name="e_odczyt_finding_new",
                condition=models.Q(state__in=["new", "told", "answered"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["meter", "kind", "begin"], name="e_odczyt_finding_once"),
            models.CheckConstraint(
                condition=models.Q(end__gt=models.F("begin"), confidence__gte=0, confidence__lte=1),
                name="e_odczyt_finding_sense",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meter_id}: {self.get_kind_display()}"

    @property
    def cubic_metres(self) -> Decimal:
        """The size in cubic metres."""
        return Decimal(self.litres) / 1000


class Absence(models.Model):
    """Days during which nobody should use water at the customer's points."""

    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    begin = models.DateField(_("first day away"))
    end = models.DateField(_("last day away"))
    told_at = models.DateTimeField(_("told"))
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )

    class Meta:
        default_permissions = ()
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.UniqueConstraint(fields=["customer", "begin", "end"], name="e_odczyt_absence_once"),
            models.CheckConstraint(
                condition=models.Q(end__gte=models.F("begin")), name="e_odczyt_absence_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.begin} – {self.end}"
