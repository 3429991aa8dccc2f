"""The inset "documents": rows of documents on any page."""

from django.utils.translation import gettext_lazy as _

from ebok.ports import Inset
from ebok_plugins.e_dokument.blocks import DocumentsBlock

insets = [Inset(name="documents", block=DocumentsBlock, group=_("Documents"))]
