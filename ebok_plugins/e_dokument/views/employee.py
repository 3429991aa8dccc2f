"""The queue of applications in the employee zone: two panes, and what can be done with one."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.files.serving import dressed, file_response
from ebok.zones.views import Crumb, ZoneMixin
from ebok_plugins.e_dokument import queries, services
from ebok_plugins.e_dokument.forms import NoteForm, QueueFilter, ReplyForm, StateForm, TakeOverForm
from ebok_plugins.e_dokument.models import Application
from ebok_plugins.e_dokument.printing import answer_text, application_pdf, pdf_name

BIGGEST_KEY = 2**63 - 1


class ApplicationsMixin(ZoneMixin):
    """For every page about applications: the permission, the site, the queue beside."""

    permission_required = "e_dokument.handle"
    title = gettext_lazy("Applications")
    help_topic = "e_dokument.applications"

    @property
    def site(self) -> Site:
        """The site whose applications these are."""
        site = Site.find_for_request(self.request)
        if site is None:
            raise Http404
        return site

    def application(self) -> Application:
        """The application of the address; 404 on another site, and where there is none."""
        pk = self.kwargs["pk"]
        if pk > BIGGEST_KEY:
            raise Http404
        rows = queries.applications(self.site).select_related("handler", "site", "template")
        return get_object_or_404(rows, pk=pk)

    def queue(self) -> dict[str, Any]:
        """The left pane: filter, one page of rows, and where the next one begins."""
        form = QueueFilter(self.request.GET)
        form.is_valid()
        chosen = getattr(form, "cleaned_data", {})
        rows = list(
            queries.filtered(
                queries.applications(self.site),
                state=chosen.get("stan", ""),
                query=chosen.get("q", ""),
                before=_key(self.request.GET.get("przed", "")),
            )[: queries.QUEUE_SIZE + 1]
        )
        has_more = len(rows) > queries.QUEUE_SIZE
        rows = rows[: queries.QUEUE_SIZE]
        kept = self.request.GET.copy()
        kept.pop("przed", None)
        return {
            "filter_form": form,
            "rows": rows,
            "next_before": rows[-1].pk if has_more else None,
            "is_later_page": "przed" in self.request.GET,
            "query_string": self.request.GET.urlencode(),
            "filter_string": kept.urlencode(),
            "is_filtered": bool(chosen.get("stan") or chosen.get("q")),
        }


class Queue(ApplicationsMixin, TemplateView):
    """The list alone, for narrow screens and when nothing is chosen yet."""

    template_name = "e_dokument/employee/queue.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The queue."""
        return super().get_context_data(**self.queue(), **kwargs)


class ApplicationDetail(ApplicationsMixin, TemplateView):
    """One application: answers, attachments, history, and the decisions."""

    template_name = "e_dokument/employee/application.html"
    refused: dict[str, forms.Form]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show it, and say in the journal that it was seen."""
        self.refused = {}
        response = self.shown()
        services.journal_viewed(self.shown_application, request=request)
        return response

    def shown(self) -> HttpResponse:
        """The page, also after a refused decision."""
        self.shown_application = self.application()
        return self.render_to_response(self.get_context_data())

    def crumbs(self) -> list[Crumb]:
        """The queue, then the number."""
        return [(self.title, reverse("employee:e_dokument:queue")), (self.shown_application.number, "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Everything about the application, and a form for each decision."""
        application = self.shown_application
        seen = {"seen": application.changes}
        refused = getattr(self, "refused", {})
        context = super().get_context_data(
            application=application,
            answers=[(row["label"], answer_text(row)) for row in application.answers],
            attachments=list(application.attachments.all()),
            steps=list(application.steps.select_related("by")),
            states=[
                (value, label)
                for value, label in Application._meta.get_field("state").flatchoices
                # Taking over is what begins the work, and nothing goes back to being new.
                if application.may_become(value) and not (application.is_waiting and value == "in-progress")
            ],
            take_over_form=TakeOverForm(initial=seen),
            note_form=refused.get("note") or NoteForm(initial=seen, auto_id="note_%s"),
            reply_form=refused.get("reply") or ReplyForm(initial=seen, auto_id="reply_%s"),
            form=refused.get("note") or refused.get("reply"),
            **self.queue(),
            **kwargs,
        )
        context["title"] = f"{application.number} {application.title}"
        context["previous_row"], context["next_row"] = _neighbours(context["rows"], application)
        return context


class Decision(ApplicationDetail):
    """A POST that changes an application, then shows it again."""

    @property
    def employee(self) -> User:
        """Who decides; the zone has let nobody in who is not signed in."""
        return cast("User", self.request.user)

    http_method_names = ["post", "options"]
    form_class: type[forms.Form]
    form_name = ""
    done: Any = ""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it; what cannot be done is said in a sentence on the page."""
        application = self.application()
        form = self.form_class(request.POST, auto_id=f"{self.form_name}_%s")
        if not form.is_valid():
            self.refused = {self.form_name: form}
            return self.shown()
        try:
            self.decide(application, form.cleaned_data)
        except (services.ChangedMeanwhile, services.StepRefused) as error:
            if "text" in form.cleaned_data:
                # What was typed must not get lost because a colleague was quicker.
                data = request.POST.copy()
                data["seen"] = str(self.application().changes)
                again = self.form_class(data, auto_id=f"{self.form_name}_%s")
                again.add_error(None, str(error))
                self.refused = {self.form_name: again}
                return self.shown()
            messages.warning(request, str(error))
        else:
            messages.success(request, self.done)
        url = reverse("employee:e_dokument:application", kwargs={"pk": application.pk})
        query = request.GET.urlencode()
        return HttpResponseRedirect(f"{url}?{query}" if query else url)

    def decide(self, application: Application, data: dict[str, Any]) -> None:
        """The decision itself."""
        raise NotImplementedError


class TakeOver(Decision):
    """This employee handles it from now on."""

    form_class = TakeOverForm
    form_name = "take_over"
    done = gettext_lazy("The application is yours.")

    def decide(self, application: Application, data: dict[str, Any]) -> None:
        """Take it over."""
        services.take_over(application, by=self.employee, seen=data["seen"])


class ChangeState(Decision):
    """Another state."""

    form_class = StateForm
    form_name = "state"
    done = gettext_lazy("The state has been changed.")

    def decide(self, application: Application, data: dict[str, Any]) -> None:
        """Change it."""
        services.change_state(application, state=data["state"], by=self.employee, seen=data["seen"])


class AddNote(Decision):
    """A note for colleagues."""

    form_class = NoteForm
    form_name = "note"
    done = gettext_lazy("The note has been saved.")

    def decide(self, application: Application, data: dict[str, Any]) -> None:
        """Save it."""
        services.add_note(application, text=data["text"], by=self.employee, seen=data["seen"])


class Reply(Decision):
    """An answer by e-mail."""

    form_class = ReplyForm
    form_name = "reply"
    done = gettext_lazy("The answer is on its way.")

    def decide(self, application: Application, data: dict[str, Any]) -> None:
        """Send it."""
        services.reply(application, text=data["text"], by=self.employee, seen=data["seen"])


class ApplicationPdf(ApplicationsMixin, View):
    """What was sent, as a PDF."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """The PDF as an attachment."""
        application = self.application()
        services.journal_viewed(application, request=request)
        response = HttpResponse(application_pdf(application), content_type="application/pdf")
        return dressed(response, pdf_name(application), "pdf")


class AttachmentFile(ApplicationsMixin, View):
    """An attachment, for employees only, never shown inside the portal."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """The file as an attachment; 404 while the scanner has it and when it is infected."""
        attachment = get_object_or_404(
            self.application().attachments.select_related("application"), pk=kwargs["attachment"]
        )
        if not attachment.may_be_opened:
            raise Http404
        try:
            response = file_response(
                request,
                attachment.file,
                name=attachment.original_name,
                extension=attachment.extension,
                content_type=attachment.content_type,
                size=attachment.size,
            )
        except FileNotFoundError as error:
            raise Http404 from error
        services.journal_attachment(attachment, request=request)
        return response


def _neighbours(
    rows: list[Application], application: Application
) -> tuple[Application | None, Application | None]:
    """The applications above and below in the queue as it is shown; None at its ends."""
    above: Application | None = None
    for place, row in enumerate(rows):
        if row.pk == application.pk:
            return above, rows[place + 1] if place + 1 < len(rows) else None
        above = row
    return None, None


def _key(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
