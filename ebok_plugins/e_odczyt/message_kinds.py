"""What this module writes to people."""

from django.utils.translation import gettext_lazy as _

from ebok.ports import MessageGroup, MessageKind, Placeholder
from ebok_plugins.e_odczyt.telemetry.declared import MESSAGES

DAY = Placeholder(name="day", description=_("day of the reading"), sample="14 maja 2026")
READING = Placeholder(name="reading", description=_("meter and state"), sample="18340221: 431 m³")
REASON = Placeholder(name="reason", description=_("why"), sample="Na zdjęciu jest 413.")
NUMBER = Placeholder(name="number", description=_("number of the meter"), sample="18340221")

message_kinds = [
    MessageKind(
        key="e_odczyt.received",
        title=_("Readings received"),
        description=_("Confirms readings that were sent."),
        group=MessageGroup.READINGS,
        subject=_("We have your reading of {day}"),
        body=_(
            "We have your reading of {day}:\n\n{readings}\n\nExpected cost: {cost}. {next}\n\n"
            "If something is wrong, you can withdraw the reading before we settle it."
        ),
        action=_("See your readings"),
        values=(
            DAY,
            Placeholder(name="readings", description=_("meters and states"), sample="18340221: 431 m³"),
            Placeholder(name="cost", description=_("expected cost"), sample="286,14 zł"),
            Placeholder(name="next", description=_("what comes next"), sample="Rozliczymy go na fakturze."),
        ),
        transactional=True,
    ),
    MessageKind(
        key="e_odczyt.rejected",
        title=_("Reading rejected"),
        description=_("Says why a reading was not taken."),
        group=MessageGroup.READINGS,
        subject=_("We could not take your reading of {day}"),
        body=_(
            "We could not take your reading of {day}: {reading}.\n\n{reason}\n\nPlease send it once more."
        ),
        action=_("See the reading"),
        values=(DAY, READING, REASON, NUMBER),
    ),
    MessageKind(
        key="e_odczyt.corrected",
        title=_("Reading corrected"),
        description=_("Says what an employee put right, and why."),
        group=MessageGroup.READINGS,
        subject=_("We corrected your reading of {day}"),
        body=_("We corrected your reading of {day}. It now says: {reading}.\n\n{reason}"),
        action=_("See the reading"),
        values=(DAY, READING, REASON, NUMBER),
    ),
    MessageKind(
        key="e_odczyt.reminder",
        title=_("Reminder to send a reading"),
        description=_("Asks those who have not sent a reading in the reading window yet."),
        group=MessageGroup.READINGS,
        subject=_("Please send us your meter reading"),
        body=_(
            "We have no reading of your meter yet. Please send it by {day}; it takes a minute and needs no"
            " account.\n\nWithout it we settle by an estimate."
        ),
        action=_("Send a reading"),
        values=(Placeholder(name="day", description=_("last day of the window"), sample="20 maja 2026"),),
    ),
    *MESSAGES,
]
