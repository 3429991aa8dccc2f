"""What this module writes: to applicants, and to the office."""

from django.utils.translation import gettext_lazy as _

from ebok.ports import MessageGroup, MessageKind, Placeholder
from ebok.ports.message_kinds import EMAIL, letter_text

_NUMBER = Placeholder(name="number", description=_("number of the application"), sample="W/2026/000017")
_TITLE = Placeholder(name="title", description=_("which form it is"), sample="Wniosek o przyłączenie")

message_kinds = [
    MessageKind(
        key="e_dokument.received",
        title=_("Application received"),
        description=_("To the applicant, with a PDF of what was sent."),
        group=MessageGroup.MESSAGES,
        subject=letter_text(_("We have your application %(number)s")),
        body=letter_text(
            _(
                "Hello,\n\nwe have your application %(number)s: %(title)s, sent on %(day)s.\n"
                "A PDF of what you sent is attached. Give the number when you call or write to us."
            )
        ),
        channels=(EMAIL,),
        default_channels=(EMAIL,),
        values=(
            _NUMBER,
            _TITLE,
            Placeholder(name="day", description=_("when it was sent"), sample="14 czerwca 2026"),
        ),
        is_duty=True,
        transactional=True,
    ),
    MessageKind(
        key="e_dokument.answered",
        title=_("Answer to an application"),
        description=_("To the applicant, with what an employee wrote."),
        group=MessageGroup.MESSAGES,
        subject=letter_text(_("Your application %(number)s")),
        body=letter_text("{text}", _("This is about your application %(number)s: %(title)s.")),
        channels=(EMAIL,),
        default_channels=(EMAIL,),
        values=(
            _NUMBER,
            _TITLE,
            Placeholder(
                name="text", description=_("what the employee wrote"), sample="Prosimy o dosłanie mapy."
            ),
        ),
        is_duty=True,
        transactional=True,
    ),
    MessageKind(
        key="e_dokument.arrived",
        title=_("An application has come in"),
        description=_("To the address of the office in the settings of e-Dokument."),
        group=MessageGroup.MESSAGES,
        subject=letter_text(_("New application %(number)s")),
        body=letter_text(_("Application %(number)s has come in: %(title)s.")),
        action=_("Open the application"),
        channels=(EMAIL,),
        default_channels=(EMAIL,),
        values=(_NUMBER, _TITLE),
        is_duty=True,
    ),
]
