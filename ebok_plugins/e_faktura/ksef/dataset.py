"""The dataset `ksef_documents`: rows that name XML files of the same ZIP archive."""

from django.utils.translation import gettext_lazy as _

from ebok.billing.datasets.columns import choice, names
from ebok.billing.models import KsefMode
from ebok.customers.datasets import CUSTOMER_CODE, OWNER
from ebok.ports import Check, Column, ColumnType, Dataset, Identity
from ebok_plugins.e_faktura.ksef import delivered

KSEF_DOCUMENTS = Dataset(
    key=delivered.DATASET,
    title=_("Documents of KSeF"),
    model="e_faktura.DeliveredKsef",
    natural_key=("customer_code", "file"),
    identity=Identity.COMPOSITE,
    order=96,
    vanishes=False,
    after_apply=delivered.keep_delivered,
    references=(OWNER,),
    columns=(
        CUSTOMER_CODE,
        Column(
            name="file",
            field="file_name",
            title=_("file of the XML"),
            type=ColumnType.CODE,
            required=True,
            max_length=200,
            example="5265877635-20250826-0100001AF629-AF.xml",
            description=_(
                "The invoice FA(3) in the same ZIP archive, with the very bytes KSeF has. A file that is "
                "sent anew gets another name."
            ),
        ),
        Column(
            name="upo",
            field="upo_name",
            title=_("file of the UPO"),
            max_length=200,
            example="UPO-5265877635-20250826-0100001AF629-AF.xml",
        ),
        Column(
            name="ksef_number",
            field="number",
            title=_("KSeF number"),
            type=ColumnType.CODE,
            max_length=36,
            check=Check.KSEF_NUMBER,
            example="5265877635-20250826-0100001AF629-AF",
        ),
        choice(
            "ksef_mode",
            _("mode of KSeF"),
            names(KsefMode),
            field="mode",
            default=str(KsefMode.ONLINE),
            example="online",
        ),
        Column(
            name="ksef_accepted_at",
            field="accepted_at",
            title=_("accepted by KSeF"),
            type=ColumnType.MOMENT,
        ),
        Column(
            name="code_ii",
            field="code_ii_url",
            title="KOD II",
            max_length=2000,
            description=_("The link of KOD II as the billing system signed it; for invoices issued offline."),
        ),
    ),
)
