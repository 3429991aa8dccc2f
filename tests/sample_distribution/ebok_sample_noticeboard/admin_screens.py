"""The board in the Wagtail admin."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.model import ModelViewSet

from ebok_sample_noticeboard.models import Notice


class NoticeScreens(ModelViewSet):
    """List, add and edit notices."""

    model = Notice
    name = "noticeboard_notices"
    icon = "pin"
    menu_label = _("Notice board")
    add_to_admin_menu = True
    form_fields = ["title", "text", "is_public", "site"]
    list_display = ["title", "pinned_at"]


screens = [NoticeScreens("noticeboard_notices")]
