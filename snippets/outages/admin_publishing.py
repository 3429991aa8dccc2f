"""Views of the Wagtail admin through which an outage goes public, held to the rules of publishing."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.admin.utils import quote
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.snippets.views.snippets import CreateView, EditView, WorkflowActionView

from snippets.outages.forms import OutageForm
from snippets.outages.models import Outage
from snippets.outages.publishing import objections

APPROVE = "approve"
"""The workflow action that brings a notice nearer to the public; the others take it back."""


class _GuardedPublishing:
    """What the add and edit views share: they tell the form that it is about to go public."""

    def get_form(self, *args: Any, **kwargs: Any) -> OutageForm:
        """The form, told whether it is for the public."""
        form: OutageForm = super().get_form(*args, **kwargs)  # type: ignore[misc]
        approves = self.action == "workflow-action" and self.workflow_action == APPROVE  # type: ignore[attr-defined]
        to_public = {"publish", "submit", "restart-workflow"}
        form.is_for_publication = approves or self.action in to_public  # type: ignore[attr-defined]
        return form

    def publish_action(self) -> HttpResponse | None:
        """Publish, and say what the editor should think of."""
        response: HttpResponse | None = super().publish_action()  # type: ignore[misc]
        for note in self.form.notes:  # type: ignore[attr-defined]
            messages.warning(self.request, note)  # type: ignore[attr-defined]
        return response

    def form_invalid(self, form: OutageForm) -> HttpResponse:
        """Show the form again; a comment typed for the approval is given back, since Wagtail drops it."""
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        comment = _approval_comment(self.request)  # type: ignore[attr-defined]
        if self.action == "workflow-action" and comment:  # type: ignore[attr-defined]
            messages.warning(self.request, _("Your comment was not sent: %s") % comment)  # type: ignore[attr-defined]
        return response


def _approval_comment(request: HttpRequest) -> str:
    """The comment the approval's dialog handed to the form; "" for none and for nonsense."""
    try:
        typed = json.loads(request.POST.get("workflow-action-extra-data") or "{}")
    except ValueError:
        return ""
    return str(typed.get("comment") or "")[:1000] if isinstance(typed, dict) else ""


class OutageCreateView(_GuardedPublishing, CreateView):
    """Add an outage."""


class OutageEditView(_GuardedPublishing, EditView):
    """Change an outage."""


class OutageWorkflowActionView(WorkflowActionView):
    """Approving from the dashboard or the list, where no form of the notice is shown.

    What it would publish is held to the same rules as the editor's form, on the day it is approved.
    """

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Approve, or say what is missing and where to write it; a comment stays in its field."""
        if self.action_name != APPROVE:
            return self._act(request, *args, **kwargs)
        outage: Outage = self.task_state.revision.as_object()
        found = objections(outage, timezone.now())
        if not found:
            return self._act(request, *args, **kwargs)
        hint = gettext("Nothing was published. Open the notice, mend this or write the reason, then approve.")
        sentences = [*found, hint]
        form = self.form_class(request.POST) if self.form_class else None
        if form is not None and request.headers.get("x-requested-with") == "XMLHttpRequest":
            form.full_clean()
            for sentence in sentences:
                form.add_error(None, sentence)
            shown: HttpResponse = self.render_modal_form(request, form)
            return shown
        messages.error(request, " ".join(sentences))
        return redirect(reverse(self.redirect_url_name, args=(quote(outage.pk),)))

    def _act(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response
