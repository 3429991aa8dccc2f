"""Forms of the notice board."""

from __future__ import annotations

from django import forms

from ebok_sample_noticeboard.models import Notice


class NoticeForm(forms.ModelForm[Notice]):
    """What a client types to pin a notice."""

    class Meta:
        model = Notice
        fields = ["title", "text", "is_public"]
