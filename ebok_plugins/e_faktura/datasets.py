"""What the billing system delivers beside its invoices: PDF files of its own."""

from django.utils.translation import gettext_lazy as _

from ebok.customers.datasets import CUSTOMER_CODE, OWNER
from ebok.ports import Column, ColumnType, Dataset, Identity, Reference
from ebok_plugins.e_faktura.ksef.dataset import KSEF_DOCUMENTS
from ebok_plugins.e_faktura.pdf import delivered

datasets = [
    Dataset(
        key="invoice_files",
        title=_("PDF files of invoices"),
        model="e_faktura.DeliveredPdf",
        natural_key=("customer_code", "invoice_number"),
        identity=Identity.COMPOSITE,
        order=95,
        vanishes=False,
        after_apply=delivered.keep_delivered,
        references=(
            OWNER,
            Reference(columns=("invoice_number",), dataset="invoices", field="invoice_id"),
        ),
        columns=(
            CUSTOMER_CODE,
            Column(
                name="invoice_number",
                title=_("document number"),
                type=ColumnType.CODE,
                field="",
                required=True,
                max_length=60,
                example="FV/2026/05/000123",
            ),
            Column(
                name="file",
                field="file_name",
                title=_("file of the PDF"),
                required=True,
                max_length=200,
                example="FV-2026-05-000123.pdf",
                description=_(
                    "A PDF in the same ZIP archive; it is shown instead of ours. A file that changes gets "
                    "another name."
                ),
            ),
        ),
    ),
    KSEF_DOCUMENTS,
]
