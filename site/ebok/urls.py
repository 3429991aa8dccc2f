"""All addresses: the core's own, the plugins' mounts, and last the page tree."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.static import serve
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from ebok.accounts.urls import admin_login_redirect
from ebok.notifications.mailbox_views import Mailbox, MailboxFile, MailboxHtml, MailboxItem
from ebok.notifications.receipts import sms_receipt
from ebok.plugins.mounting import public_patterns, webhook_patterns, zone_patterns

handler400 = "ebok.zones.errors.bad_request"
handler403 = "ebok.zones.errors.permission_denied"
handler404 = "ebok.zones.errors.page_not_found"
handler500 = "ebok.zones.errors.server_error"

urlpatterns = [
    # Before Wagtail's own: there is one sign-in for everybody.
    re_path(r"^admin/login/$", admin_login_redirect),
    path("admin/", include(wagtailadmin_urls)),
    path("dokument/", include(wagtaildocs_urls)),
    path("zdrowie/", include("ebok.operations.urls")),
    path("skrzynka/", Mailbox.as_view(), name="demo_mailbox"),
    path("skrzynka/<int:pk>/", MailboxItem.as_view(), name="demo_mailbox_item"),
    path("skrzynka/<int:pk>/html/", MailboxHtml.as_view(), name="demo_mailbox_html"),
    path("skrzynka/<int:pk>/plik/", MailboxFile.as_view(), name="demo_mailbox_file"),
    path("webhooks/sms/<str:seal>/", sms_receipt, name="notifications_sms_receipt"),
    *webhook_patterns(),
    # Only pictures are public files; documents are served by Wagtail, which asks who may read them.
    re_path(
        r"^media/(?P<path>(?:images|original_images)/.*)$", serve, {"document_root": settings.MEDIA_ROOT}
    ),
]

urlpatterns += i18n_patterns(
    path("konto/", include("ebok.notifications.urls")),
    path("konto/", include("ebok.accounts.urls")),
    path("wyglad/", include("ebok.look.urls")),
    *zone_patterns(),
    *public_patterns(),
    path("", include("page_types.urls")),
    prefix_default_language=False,
)
