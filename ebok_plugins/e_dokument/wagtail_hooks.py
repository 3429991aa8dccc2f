"""What Wagtail's admin finds by this file's name."""

from wagtail.snippets.models import register_snippet

from ebok_plugins.e_dokument.admin_screens import DocumentScreens

register_snippet(DocumentScreens)
