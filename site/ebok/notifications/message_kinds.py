"""What this room itself writes."""

from django.utils.translation import gettext_lazy as _

from ebok.ports import MessageGroup, MessageKind, Placeholder
from ebok.ports.messages import SMS

message_kinds = [
    MessageKind(
        key="notifications.phone_code",
        title=_("Code to confirm a telephone number"),
        description=_("To the number somebody gave for text messages."),
        group=MessageGroup.ACCOUNT,
        subject="",
        body="",
        sms=_("{code} is your code to confirm this number. Give it to nobody."),
        channels=(SMS,),
        default_channels=(SMS,),
        values=(Placeholder(name="code", description=_("the code"), sample="483201"),),
        is_duty=True,
        transactional=True,
        is_secret=True,
    )
]
