"""Pages about invoices, for links from receivables, payments, readings and the page of a customer."""

from ebok.customers.models import Scope
from ebok.ports import RecordPage

record_pages = [
    RecordPage(zone="client", model="billing.Invoice", view="bill", scopes=(Scope.BILLS,)),
    RecordPage(zone="employee", model="billing.Invoice", view="bill", permission="e_faktura.see_bills"),
]
