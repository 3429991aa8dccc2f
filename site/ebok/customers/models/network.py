"""What is a customer's on the network: contracts, service points, meters and their registers."""

from __future__ import annotations

from decimal import Decimal

from django.core.files.storage import Storage
from django.db import models
from django.utils.translation import gettext_lazy as _

from ebok.customers.models.address import Address
from ebok.customers.models.customer import Customer, CustomerKind, SettlementForm
from ebok.customers.models.owned import Owned
from ebok.exchange.mirror import Mirrored, in_order
from ebok.files.keeping import PrivateFiles, random_name


class Service(models.TextChoices):
    """Rodzaj usługi."""

    WATER = "water", _("water supply")
    SEWAGE = "sewage", _("sewage disposal")
    WATER_SEWAGE = "water_sewage", _("water and sewage")
    RAIN = "rain", _("rain water")
    WASTE = "waste", _("waste collection")
    HEAT = "heat", _("heat")
    ELECTRICITY = "electricity", _("electricity")
    GAS = "gas", _("gas")


class PointStatus(models.TextChoices):
    """Whether a point, and a meter, are in use."""

    ACTIVE = "active", _("active")
    SUSPENDED = "suspended", _("suspended")
    CLOSED = "closed", _("inactive")


_scans = PrivateFiles("contracts")


def scan_storage() -> Storage:
    """Where scans lie; a callable, so that migrations do not carry the folder."""
    return _scans


def scan_path(_contract: object, filename: str) -> str:
    """A random name: the database alone knows whose scan it is."""
    return random_name(filename)


class Contract(Owned):
    """Umowa (C05)."""

    number = models.CharField(_("number"), max_length=60)
    name = models.CharField(_("name"), max_length=160, blank=True, default="")
    concluded_with = models.CharField(_("concluded with"), max_length=255, blank=True, default="")
    concluded_on = models.DateField(_("concluded on"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    recipient_kind = models.CharField(
        _("type of recipient"), max_length=12, choices=CustomerKind, default=CustomerKind.HOUSEHOLD
    )
    scan = models.FileField(
        _("scan"), storage=scan_storage, upload_to=scan_path, blank=True, default="", editable=False
    )
    """Lies outside the media folder; `ebok.customers.scans` keeps it and hands it out."""
    scan_name = models.CharField(_("file of the scan"), max_length=200, blank=True, default="")
    """What the billing system calls the file that its delivery holds."""
    scan_from = models.CharField(max_length=200, blank=True, default="", editable=False)
    """The `scan_name` under which the kept scan came; "" for one that was added by hand."""

    class Meta(Owned.Meta):
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        constraints = [
            *Owned.Meta.constraints,
            models.CheckConstraint(
                condition=in_order("valid_from", "valid_to"), name="customers_contract_period"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ServicePoint(Address, Owned):
    """Punkt świadczenia usług (C03)."""

    code = models.CharField(_("point code"), max_length=40)
    name = models.CharField(_("point name"), max_length=160, blank=True, default="")
    service = models.CharField(
        _("kind of service"), max_length=12, choices=Service, default=Service.WATER_SEWAGE
    )
    status = models.CharField(
        _("point status"), max_length=10, choices=PointStatus, default=PointStatus.ACTIVE
    )
    registered_on = models.DateField(_("registered on"), null=True, blank=True)
    changed_on = models.DateField(_("changed on"), null=True, blank=True)
    contract = models.ForeignKey(
        Contract,
        verbose_name=_("contract"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="points",
        db_index=False,
    )
    settlement_form = models.CharField(
        _("form of settlement"), max_length=10, choices=SettlementForm, default=SettlementForm.METERED
    )
    tariff_code = models.CharField(_("tariff group"), max_length=40, blank=True, default="")
    norm_code = models.CharField(_("norm"), max_length=40, blank=True, default="")
    persons = models.PositiveSmallIntegerField(_("number of persons"), null=True, blank=True)
    reading_zone = models.CharField(_("reading zone"), max_length=40, blank=True, default="")

    class Meta(Owned.Meta):
        verbose_name = _("service point")
        verbose_name_plural = _("service points")
        indexes = [models.Index(fields=["customer", "code"], name="customers_point_list")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}".strip()


class Meter(Owned):
    """Licznik with the fields of C04; date and state of the last reading are a query."""

    point = models.ForeignKey(
        ServicePoint,
        verbose_name=_("service point"),
        on_delete=models.PROTECT,
        related_name="meters",
        db_index=False,
    )
    number = models.CharField(_("meter number"), max_length=40)
    mounted_on = models.DateField(_("mounted on"), null=True, blank=True)
    mounted_state = models.DecimalField(
        _("state when mounted"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    removed_on = models.DateField(_("removed on"), null=True, blank=True)
    removed_state = models.DecimalField(
        _("state when removed"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    producer = models.CharField(_("producer"), max_length=80, blank=True, default="")
    diameter = models.PositiveSmallIntegerField(_("diameter [mm]"), null=True, blank=True)
    connection_owner = models.CharField(_("owner of the connection"), max_length=80, blank=True, default="")
    verified_year = models.PositiveSmallIntegerField(_("year of legalisation"), null=True, blank=True)
    verified_to = models.DateField(_("legalisation valid to"), null=True, blank=True)
    kind = models.CharField(_("type of meter"), max_length=60, blank=True, default="")
    is_active = models.BooleanField(_("active"), default=True)
    seal = models.CharField(_("seal number"), max_length=60, blank=True, default="")
    radio_number = models.CharField(_("radio module number"), max_length=60, blank=True, default="")
    radio_kind = models.CharField(_("radio module type"), max_length=60, blank=True, default="")
    unit = models.CharField(_("unit"), max_length=10, default="m³")
    digits = models.PositiveSmallIntegerField(_("digits of the dial"), default=5)
    decimals = models.PositiveSmallIntegerField(_("decimals that count"), default=0)
    role = models.CharField(
        _("what it settles"), max_length=10, choices=SettlementForm, default=SettlementForm.METERED
    )
    """A garden meter subtracts sewage, a sub-meter splits a main meter's usage."""

    class Meta(Owned.Meta):
        verbose_name = _("meter")
        verbose_name_plural = _("meters")
        indexes = [models.Index(fields=["customer", "point", "number"], name="customers_meter_list")]
        constraints = [
            *Owned.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(digits__gte=1, digits__lte=9, decimals__lte=3),
                name="customers_meter_dial",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class MeterRegister(Mirrored):
    """Liczydło: one counter of a meter; a dual-tariff meter has two."""

    pk = models.CompositePrimaryKey("customer_id", "meter_id", "number")
    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    meter = models.ForeignKey(
        Meter, verbose_name=_("meter"), on_delete=models.CASCADE, related_name="registers", db_index=False
    )
    number = models.PositiveSmallIntegerField(_("register"))
    name = models.CharField(_("zone of the tariff"), max_length=60, blank=True, default="")
    unit = models.CharField(_("unit"), max_length=10, default="m³")
    multiplier = models.DecimalField(_("multiplier"), max_digits=8, decimal_places=3, default=Decimal(1))

    class Meta:
        verbose_name = _("register of a meter")
        verbose_name_plural = _("registers of meters")
        constraints = [
            models.CheckConstraint(condition=models.Q(number__gte=1), name="customers_register_number"),
            models.CheckConstraint(
                condition=models.Q(multiplier__gt=0), name="customers_register_multiplier"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meter_id}/{self.number}"
