"""Terms of the transaction."""

from django.utils.translation import pgettext_lazy

LABELS = {
    "WarunkiTransakcji": pgettext_lazy("KSeF", "Terms of the transaction"),
    "Umowy": pgettext_lazy("KSeF", "Contracts"),
    "DataUmowy": pgettext_lazy("KSeF", "Date of the contract"),
    "NrUmowy": pgettext_lazy("KSeF", "Number of the contract"),
    "Zamowienia": pgettext_lazy("KSeF", "Orders"),
    "DataZamowienia": pgettext_lazy("KSeF", "Date of the order"),
    "NrZamowienia": pgettext_lazy("KSeF", "Number of the order"),
    "NrPartiiTowaru": pgettext_lazy("KSeF", "Batches of goods"),
    "WarunkiDostawy": pgettext_lazy("KSeF", "Terms of delivery"),
    "KursUmowny": pgettext_lazy("KSeF", "Agreed rate of exchange"),
    "WalutaUmowna": pgettext_lazy("KSeF", "Agreed currency"),
    "Transport": pgettext_lazy("KSeF", "Transport"),
    "RodzajTransportu": pgettext_lazy("KSeF", "Kind of transport"),
    "TransportInny": pgettext_lazy("KSeF", "Another kind of transport"),
    "OpisInnegoTransportu": pgettext_lazy("KSeF", "Description of the transport"),
    "Przewoznik": pgettext_lazy("KSeF", "Carrier"),
    "AdresPrzewoznika": pgettext_lazy("KSeF", "Address of the carrier"),
    "NrZleceniaTransportu": pgettext_lazy("KSeF", "Number of the transport order"),
    "OpisLadunku": pgettext_lazy("KSeF", "Load"),
    "LadunekInny": pgettext_lazy("KSeF", "Another load"),
    "OpisInnegoLadunku": pgettext_lazy("KSeF", "Description of the load"),
    "JednostkaOpakowania": pgettext_lazy("KSeF", "Unit of packing"),
    "DataGodzRozpTransportu": pgettext_lazy("KSeF", "Transport began"),
    "DataGodzZakTransportu": pgettext_lazy("KSeF", "Transport ended"),
    "WysylkaZ": pgettext_lazy("KSeF", "Sent from"),
    "WysylkaPrzez": pgettext_lazy("KSeF", "Sent by way of"),
    "WysylkaDo": pgettext_lazy("KSeF", "Sent to"),
    "PodmiotPosredniczacy": pgettext_lazy("KSeF", "Delivery by an intermediary (art. 22)"),
}
