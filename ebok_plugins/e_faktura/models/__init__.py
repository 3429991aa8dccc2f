"""Records of e-Faktura: settings, consents, deliveries, kept PDF files."""

from ebok_plugins.e_faktura.models.consent import ConsentWay, EInvoiceConsent
from ebok_plugins.e_faktura.models.delivery import Delivery, DeliveryWay
from ebok_plugins.e_faktura.models.documents import DeliveredPdf, DocumentOrigin, InvoiceDocument
from ebok_plugins.e_faktura.models.ksef import (
    DeliveredKsef,
    KsefConfirmation,
    KsefDocument,
    KsefOrigin,
    KsefReceipt,
    KsefState,
)
from ebok_plugins.e_faktura.models.site_settings import InvoiceSettings

__all__ = [
    "ConsentWay",
    "DeliveredKsef",
    "DeliveredPdf",
    "Delivery",
    "DeliveryWay",
    "DocumentOrigin",
    "EInvoiceConsent",
    "InvoiceDocument",
    "InvoiceSettings",
    "KsefConfirmation",
    "KsefDocument",
    "KsefOrigin",
    "KsefReceipt",
    "KsefState",
]
