"""What Wagtail's admin finds by this file's name."""

from wagtail.snippets.models import register_snippet

from ebok_plugins.e_odczyt.admin_screens import ReadingWindows

register_snippet(ReadingWindows)
