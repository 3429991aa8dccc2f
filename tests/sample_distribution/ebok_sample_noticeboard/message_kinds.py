"""What the board writes to people about."""

from django.utils.translation import gettext_lazy as _

from ebok.ports import MessageGroup, MessageKind, Placeholder

message_kinds = [
    MessageKind(
        key="noticeboard.taken_down",
        title=_("Notice taken down"),
        description=_("Goes to whoever pinned it."),
        group=MessageGroup.MESSAGES,
        subject=_("Your notice was taken down"),
        body=_("Your notice “{title}” no longer hangs on the board."),
        channels=("email", "portal"),
        default_channels=("email", "portal"),
        values=(Placeholder(name="title", description=_("title of the notice"), sample="Rower"),),
    )
]
