"""Form markup: every id that is named exists, errors and hints are announced."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.contrib.auth.models import Group
from django.template import engines
from django.utils import translation

from ebok.look.forms import ChosenRecords, CounterInput, DateInput


class Everything(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Imię", help_text="Jak w umowie", max_length=5)
    city = forms.ChoiceField(label="Miasto", choices=[("", "Wybierz"), ("l", "Lipowo")])
    answer = forms.ChoiceField(
        label="Odpowiedź",
        widget=forms.RadioSelect,
        choices=[("m", "E-mail"), ("s", "SMS")],
        help_text="Jedna",
    )
    what = forms.MultipleChoiceField(
        label="Co", widget=forms.CheckboxSelectMultiple, choices=[("a", "Brak wody")], required=True
    )
    agreed = forms.BooleanField(label="Zgoda", help_text="Można cofnąć")
    text = forms.CharField(label="Opis", widget=forms.Textarea)
    day = forms.DateField(label="Dzień", widget=DateInput())
    photo = forms.FileField(label="Zdjęcie")
    counter = forms.IntegerField(label="Stan", widget=CounterInput("m³"))
    secret = forms.CharField(widget=forms.HiddenInput)


PAGE = engines["django"].from_string('{% include "components/error_summary.html" %}{{ form }}')


def drawn(form: forms.Form) -> str:
    """The form as a page draws it, in Polish."""
    with translation.override("pl"):
        return PAGE.render({"form": form})


@pytest.mark.parametrize("data", [None, {}, {"name": "zbyt długie", "city": "x", "answer": "m"}])
def test_no_id_is_named_that_does_not_exist_and_none_stands_twice(data: dict[str, str] | None) -> None:
    html = drawn(Everything(data))
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    named = [*re.findall(r'\bfor="([^"]+)"', html), *re.findall(r'href="#([^"]+)"', html)]
    for value in re.findall(r'aria-describedby="([^"]+)"', html):
        named += value.split()
    assert set(named) - set(ids) == set()


def test_every_visible_field_has_a_label_or_a_legend() -> None:
    html = drawn(Everything())
    legends = [legend.strip() for legend in re.findall(r"<legend[^>]*>([^<]*)", html)]
    for bound in Everything().visible_fields():
        assert f'for="{bound.id_for_label}"' in html or bound.label in legends


def test_a_refused_field_is_marked_and_says_why() -> None:
    html = drawn(Everything({"name": "zbyt długie"}))
    field = html[html.index('<label class="govuk-label" for="id_name"') :]
    assert 'id="id_name_error"' in field
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="id_name_helptext id_name_error"' in field
    assert "govuk-input--error" in field


def test_the_summary_leads_to_each_refused_field_with_the_same_words() -> None:
    form = Everything({"name": "zbyt długie"})
    html = drawn(form)
    summary = html[: html.index("</ul>")]
    assert '<a href="#id_answer_0">Odpowiedź: To pole jest wymagane.</a>' in summary
    assert summary.count("<li>") == len(form.errors)
    assert 'data-module="govuk-error-summary"' in summary


@pytest.mark.parametrize(
    ("errors", "title"),
    [(1, "Popraw jedno pole"), (2, "Popraw 2 pola"), (5, "Popraw 5 pól"), (22, "Popraw 22 pola")],
)
def test_the_summary_counts_in_polish(errors: int, title: str) -> None:
    fields = {f"f{number}": forms.CharField() for number in range(errors)}
    form = type("Counted", (forms.Form,), fields)({})
    assert title in drawn(form)


def test_a_chosen_option_stays_chosen() -> None:
    html = drawn(Everything({"answer": "s", "what": ["a"], "city": "l"}))
    assert re.search(r'value="s"[^>]* checked', html)
    assert not re.search(r'value="m"[^>]* checked', html)
    assert re.search(r'value="a"[^>]* checked', html)


def test_what_people_type_is_escaped() -> None:
    html = drawn(Everything({"name": '"><script>', "answer": '"><script>'}))
    assert "<script>" not in html


def test_a_form_of_hidden_fields_draws_only_those() -> None:
    formset = forms.formset_factory(Everything, extra=0)()
    assert str(formset.management_form).count("<input") == 4
    assert "govuk" not in str(formset.management_form)


@pytest.mark.django_db
def test_numbers_no_database_holds_are_wrong_choices() -> None:
    field = ChosenRecords(queryset=Group.objects.all())
    with pytest.raises(forms.ValidationError) as refused:
        field.clean(["9" * 30])
    assert refused.value.error_list[0].code == "invalid_choice"
