"""Filling in an application on the page, and the confirmation of what was sent."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.generic import View

from ebok.files.serving import dressed
from ebok.journal.origin import address_of
from ebok_plugins.e_dokument import queries, services
from ebok_plugins.e_dokument.forms import HONEYPOT, AnswersForm, removed_attachments
from ebok_plugins.e_dokument.models import Application, ApplicationForm, DocumentSettings, Question
from ebok_plugins.e_dokument.printing import application_pdf, pdf_name
from ebok_plugins.e_dokument.sending import FIELD, SendingKey, is_over_limit, new_key, read_key
from ebok_plugins.e_dokument.views.public import front_page, site_of


@method_decorator(csrf_protect, name="dispatch")
class Apply(View):
    """The application's form. Never cached: it carries a token.

    1. A key that was used before leads to the confirmation it belongs to.
    2. Too many tries from one address are refused before anything is stored.
    3. Files that pass are stored at once, so that a mistake in another field does not lose them.
    4. Traps for machines come last: a person they catch by accident has lost nothing.
    """

    http_method_names = ["get", "head", "post", "options"]
    form: ApplicationForm
    questions: list[Question]
    settings: DocumentSettings

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the published application; 404 where there is none."""
        site = site_of(request)
        form = queries.open_form(site, kwargs["slug"])
        if form is None:
            raise Http404
        self.form, self.questions = form, queries.questions_of(form)
        self.settings = services.site_settings(site)
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """An empty form."""
        return self._page(AnswersForm(self.questions, settings=self.settings), new_key())

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Send it, or show what has to be corrected."""
        known = read_key(request.POST.get(FIELD, ""))
        key = known or new_key()
        if known and Application.objects.filter(client_key=key.key).exists():
            return self._to_confirmation(key)
        if is_over_limit(address_of(request), self.settings.sends_per_hour):
            return render(request, "e_dokument/public/too_many.html", self._context(), status=429)
        services.drop_attachments(key.key, removed_attachments(request.POST))
        kept = queries.draft_attachments(key.key)
        answers = AnswersForm(self.questions, request.POST, request.FILES, kept=kept, settings=self.settings)
        valid = answers.is_valid()
        answers.kept += self._stored(answers, key)
        if valid and (sentence := _trap(request, known)):
            answers.add_error(None, sentence)
            valid = False
        if not valid:
            return self._page(answers, key)
        services.submit(
            services.Sending(
                form=self.form,
                client_key=key.key,
                answers=answers.answers(),
                language=(get_language() or "pl")[:2],
            ),
            request=request,
        )
        return self._to_confirmation(key)

    def _stored(self, answers: AnswersForm, key: SendingKey) -> list[Any]:
        return [
            services.keep_attachment(checked, draft_key=key.key, question_key=question)
            for question, files in answers.accepted_files.items()
            for checked in files
        ]

    def _to_confirmation(self, key: SendingKey) -> HttpResponse:
        token = services.confirmation_token(key.key)
        return HttpResponseRedirect(reverse("public:e_dokument:sent", kwargs={"token": token}))

    def _page(self, answers: AnswersForm, key: SendingKey) -> HttpResponse:
        context = {
            **self._context(),
            "form": answers,
            "key_name": FIELD,
            "key": key.sealed,
            "honeypot": HONEYPOT,
        }
        return render(self.request, "e_dokument/public/apply.html", context)

    def _context(self) -> dict[str, Any]:
        document = self.form.template
        return {
            "title": self.form.title,
            "application_form": self.form,
            "document": document,
            "crumbs": [
                (_("Home"), front_page()),
                (_("Documents"), reverse("public:e_dokument:list")),
                (document.title, document.get_absolute_url()),
                (_("Online application"), ""),
            ],
        }


def _trap(request: HttpRequest, key: SendingKey | None) -> str:
    """A sentence when something speaks for a machine or for a form that lay open too long."""
    if key is None:
        return _("The form was open for a long time. Check your answers and send it once more.")
    if request.POST.get(HONEYPOT):
        return _("Leave the field “Web page” empty and send the form once more.")
    if key.is_too_quick:
        return _("That was very quick. Check your answers and send the form once more.")
    return ""


class Sent(View):
    """We have it: the number, what comes next, and the PDF. The address is a secret that expires."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """The confirmation; 404 for an unknown or expired one."""
        application = _sent(request, token)
        form = ApplicationForm.objects.filter(template=application.template_id).first()
        context = {
            "title": _("We have your application"),
            "crumbs": [
                (_("Home"), front_page()),
                (_("Documents"), reverse("public:e_dokument:list")),
                (application.title, ""),
            ],
            "application": application,
            "after": form.after if form else "",
            "pdf_url": reverse("public:e_dokument:sent_pdf", kwargs={"token": token}),
        }
        response = render(request, "e_dokument/public/sent.html", context)
        response["Cache-Control"] = "no-store"
        # The address is the key to the page, so it must not travel on to other sites.
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return response


class SentPdf(View):
    """The PDF of what was sent."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, token: str) -> HttpResponseBase:
        """The PDF; 404 for an unknown or expired address."""
        application = _sent(request, token)
        response = HttpResponse(application_pdf(application), content_type="application/pdf")
        return dressed(response, pdf_name(application), "pdf")


def _sent(request: HttpRequest, token: str) -> Application:
    application = queries.sent_by_token(site_of(request), token)
    if application is None:
        raise Http404
    return application
