"""What the timer and the workers leave behind: when something ran, how it went, who runs it now."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site


class Outcome(models.TextChoices):
    """How a run of a periodic task ended."""

    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    ABANDONED = "abandoned", _("interrupted")


class PeriodicState(models.Model):
    """One periodic task (on one site, when it runs for each site): its last run, next run and lock.

    `task` is the key of the declaration, `<owner>.<name>`. The lock is a lease: whoever runs the task writes
    `lock_owner` and pushes `lock_expires` on while it lives; after a crash the lease runs out
    and another timer may take the task.
    """

    task = models.CharField(_("task"), max_length=128)
    site = models.ForeignKey(
        Site, null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("site")
    )
    next_due = models.DateTimeField(_("next run"))
    last_started = models.DateTimeField(_("last started"), null=True, blank=True)
    last_finished = models.DateTimeField(_("last finished"), null=True, blank=True)
    last_outcome = models.CharField(_("last outcome"), max_length=16, choices=Outcome, blank=True)
    last_message = models.TextField(_("what it said"), blank=True)
    failures_in_a_row = models.PositiveIntegerField(_("failures in a row"), default=0)
    lock_owner = models.CharField(max_length=128, blank=True, default="")
    lock_expires = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("periodic task")
        verbose_name_plural = _("periodic tasks")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=models.Q(site__isnull=True), name="one_state_per_task"
            ),
            models.UniqueConstraint(
                fields=["task", "site"],
                condition=models.Q(site__isnull=False),
                name="one_state_per_task_and_site",
            ),
        ]

    def __str__(self) -> str:
        return self.task if self.site_id is None else f"{self.task} @ {self.site_id}"


class PeriodicRun(models.Model):
    """One run of a periodic task, kept for a while so that people can see what happened."""

    state = models.ForeignKey(PeriodicState, on_delete=models.CASCADE, related_name="runs")
    started = models.DateTimeField(_("started"))
    finished = models.DateTimeField(_("finished"))
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome)
    message = models.TextField(_("what it said"), blank=True)
    timer = models.CharField(_("timer"), max_length=128, blank=True)

    class Meta:
        verbose_name = _("run of a periodic task")
        verbose_name_plural = _("runs of periodic tasks")
        default_permissions = ()
        ordering = ["-started", "-id"]
        indexes = [
            models.Index(fields=["state", "-started"], name="periodic_run_of_state"),
            models.Index(fields=["finished"], name="periodic_run_finished"),
        ]

    def __str__(self) -> str:
        return f"{self.state_id} {self.started:%Y-%m-%d %H:%M} {self.outcome}"


class WorkerSign(models.Model):
    """A sign of life of one background worker, renewed about twice a minute while it runs."""

    worker_id = models.CharField(_("worker"), max_length=64, unique=True)
    host = models.CharField(_("host"), max_length=255)
    process = models.PositiveIntegerField(_("process"))
    started = models.DateTimeField(_("started"))
    seen = models.DateTimeField(_("last seen"))
    stopped = models.DateTimeField(_("stopped"), null=True, blank=True)
    recovered = models.PositiveIntegerField(_("tasks taken up again at start"), default=0)

    class Meta:
        verbose_name = _("background worker")
        verbose_name_plural = _("background workers")
        default_permissions = ()

    def __str__(self) -> str:
        return self.worker_id


class DemoChapter(models.Model):
    """A part of the demo content that is loaded, so that a second run leaves it alone."""

    owner = models.CharField(max_length=128, unique=True)
    loaded = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("demo chapter")
        verbose_name_plural = _("demo chapters")

    def __str__(self) -> str:
        return self.owner


class OfferedRight(models.Model):
    """A right over content that its group was given once; see `ebok.operations.content_rights`."""

    group = models.CharField(_("group"), max_length=150)
    right = models.CharField(_("right"), max_length=200)
    offered = models.DateTimeField(_("offered"), auto_now_add=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("right offered to a group")
        verbose_name_plural = _("rights offered to groups")
        constraints = [models.UniqueConstraint(fields=["group", "right"], name="one_offer_of_a_right")]

    def __str__(self) -> str:
        return f"{self.group} {self.right}"
