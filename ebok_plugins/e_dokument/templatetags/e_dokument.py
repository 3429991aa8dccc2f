"""The tag library `e_dokument`: files a visitor has attached already."""

from __future__ import annotations

from django import template
from django.forms.boundfield import BoundField

from ebok_plugins.e_dokument.forms import AnswersForm
from ebok_plugins.e_dokument.models import Attachment

register = template.Library()


@register.simple_tag
def kept_files(form: AnswersForm, field: BoundField) -> list[Attachment]:
    """Files an earlier try stored for this field of the application's form."""
    return form.kept_for(field.name)
