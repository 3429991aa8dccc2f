"""How our forms are drawn: the renderer and what the templates `templates/forms/` ask of it.

`FORM_RENDERER` names `GovukRenderer`, so `{{ form }}` and `{{ form.field.as_field_group }}`
come out with labels, hints and errors whose ids match `aria-describedby`. Widget templates stay
Django's own: the Wagtail admin draws with them too, and must not get our classes.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.boundfield import BoundField, BoundWidget
from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _


class GovukRenderer(TemplatesSetting):
    """Draws forms, fields and formsets with the templates of the look."""

    form_template_name = "forms/form.html"
    formset_template_name = "forms/formset.html"
    field_template_name = "forms/field.html"


class DateInput(forms.DateInput):
    """The browser's own date picker, with the ISO value it wants."""

    input_type = "date"

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__(attrs={"class": "govuk-input--width-10", **(attrs or {})}, format="%Y-%m-%d")


class ChosenRecords(forms.ModelMultipleChoiceField):
    """Several records out of a short list. A number no database can hold is a wrong choice, not a fault."""

    def clean(self, value: Any) -> Any:
        """The chosen records. Raises `ValidationError` for what is not offered."""
        try:
            return super().clean(value)
        except OverflowError:
            raise forms.ValidationError(
                self.error_messages["invalid_choice"],
                code="invalid_choice",
                params={"value": _("a number too large")},
            ) from None


class CounterInput(forms.TextInput):
    """A meter reading: big digits, numeric keys on a phone, the unit beside it.

    The unit is drawn by the field template from the widget's attribute `unit`.
    """

    def __init__(self, unit: str, attrs: dict[str, object] | None = None) -> None:
        self.unit = unit
        defaults = {"class": "eb-counter", "inputmode": "numeric", "autocomplete": "off", "maxlength": "9"}
        super().__init__(attrs={**defaults, **(attrs or {})})


def kind(bound: BoundField) -> str:
    """How the field template draws a field: input, select, textarea, radios, checkboxes, checkbox, file.

    Widgets made of several inputs (three selects for a date) have no place here: each part would
    need a label of its own. Use `DateInput`, or two fields.
    """
    widget = bound.field.widget
    kinds: tuple[tuple[type[forms.Widget], str], ...] = (
        (forms.CheckboxSelectMultiple, "checkboxes"),
        (forms.RadioSelect, "radios"),
        (forms.CheckboxInput, "checkbox"),
        (forms.Select, "select"),
        (forms.Textarea, "textarea"),
        (forms.FileInput, "file"),
    )
    return next((name for base, name in kinds if isinstance(widget, base)), "input")


CLASSES = {
    "input": "govuk-input",
    "select": "govuk-select",
    "textarea": "govuk-textarea",
    "file": "govuk-file-upload",
    "checkbox": "govuk-checkboxes__input",
}


def drawn(bound: BoundField) -> SafeString:
    """The widget alone, with the classes of its kind added to its own."""
    name = kind(bound)
    own = str(bound.field.widget.attrs.get("class", ""))
    classes = [CLASSES.get(name, ""), own]
    if bound.errors and name in {"input", "select", "textarea", "file"}:
        classes.append(f"{CLASSES[name]}--error")
    return bound.as_widget(attrs={"class": " ".join(filter(None, classes))})


def option_input(option: BoundWidget, name: str) -> SafeString:
    """One input of a group of radio buttons or boxes, with the class of its kind."""
    own = option.data["attrs"]
    attrs = {**own, "class": " ".join(filter(None, [f"govuk-{name}__input", str(own.get("class", ""))]))}
    if option.data.get("selected"):
        attrs["checked"] = True
    return format_html(
        '<input type="{}" name="{}" value="{}"{}>',
        option.data["type"],
        option.data["name"],
        "" if option.data["value"] is None else str(option.data["value"]),
        flatatt(attrs),
    )


def first_id(bound: BoundField) -> str:
    """The id of the first thing one can fill in: where an error summary must lead."""
    if kind(bound) in {"radios", "checkboxes"}:
        return f"{bound.auto_id}_0" if bound.auto_id else ""
    return str(bound.id_for_label or bound.auto_id or "")
