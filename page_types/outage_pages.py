"""The list of outages with everything below it: single outages, address check, feeds.

The outages themselves are snippets (`snippets.outages`); this page gives them an address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlencode, urlsplit

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.routable_page.models import RoutablePageMixin
from wagtail.contrib.routable_page.models import path as sub_route
from wagtail.contrib.routable_page.models import re_path as pattern_route
from wagtail.models import Site
from wagtail.search import index

from ebok.look.models import OrganisationSettings
from page_types.base import BasePage
from snippets.outages import board, presentation, queries
from snippets.outages.detail import detail_context, points_of
from snippets.outages.feeds import atom, cap, listing
from snippets.outages.feeds.calendar import calendar
from snippets.outages.feeds.issued import messages
from snippets.outages.feeds.links import Links
from snippets.outages.models import Outage

ATOM = "application/atom+xml; charset=utf-8"
CALENDAR = "text/calendar; charset=utf-8"
UID = r"(?P<uid>[0-9a-z]{8})"
"""The public id of an outage in an address."""
LONGEST_TEXT = 200
"""Characters of a typed address that are looked at."""


class OutageIndexPage(RoutablePageMixin, BasePage):
    """Outages and works of the site: going on, planned, past."""

    landmark = "outages"
    cache_seconds = 30
    cache_queries = ("starsze", "ulica", "numer", "q")

    template = "snippets/outages/index.html"
    subpage_types: ClassVar[list[str]] = []
    search_fields: ClassVar[list[Any]] = [*BasePage.search_fields, index.SearchField("lead")]

    class Meta:
        verbose_name = _("outages and works")
        verbose_name_plural = _("outages and works")

    def serve(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse] | None = None,
        args: Sequence[Any] | None = None,
        kwargs: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Answer; Wagtail's mixin calls the sub-route itself and would leave out what `BasePage` adds."""
        return self.allow_keeping(super().serve(request, view, args, kwargs))

    # Pages --------------------------------------------------------------------------------

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The three groups; from the second page of the archive on only past outages."""
        context = super().get_context(request, *args, **kwargs)
        context["index_url"] = self.address(request) if self.path else ""
        if kwargs.get("below"):
            return context
        now = timezone.now()
        site = self._site(request)
        key = request.GET.get("starsze", "")[:40]
        archive = queries.archive(site, key, now)
        current = board.going_on(site, now)
        context.update(
            banner=queries.banner_of(current),
            ongoing=[] if key else [row_of(outage, now) for outage in current],
            planned=[] if key else [row_of(o, now) for o in board.announced(site, queries.MOST_ROWS, now)],
            past=[row_of(outage, now) for outage in archive.outages],
            older_key=archive.next_key,
            is_archive=bool(key),
        )
        return context

    @sub_route("adres/")
    def address_check(self, request: HttpRequest) -> HttpResponse:
        """What touches an address now or soon (`?ulica=&numer=`)."""
        now = timezone.now()
        street, number = _typed(request, "ulica"), _typed(request, "numer")
        site = self._site(request)
        answer = queries.check_address(site, street, number, now) if street else None
        typed = urlencode({"ulica": street, "numer": number}) if street else ""
        return self._below(
            request,
            "snippets/outages/address.html",
            gettext("Check your address"),
            f"adres/?{typed}" if typed else "adres/",
            {
                "typed_street": street,
                "typed_number": number,
                "answer": answer,
                "ongoing": [_found(o, now) for o in answer.ongoing] if answer else [],
                "planned": [_found(o, now) for o in answer.planned] if answer else [],
                "calendar_query": urlencode({"ulica": str(answer.street)})
                if answer and answer.street
                else "",
            },
        )

    @sub_route("adres/ulice.json/")
    def suggest_streets(self, request: HttpRequest) -> HttpResponse:
        """Street names for search as you type (`?q=`), labels told apart by locality."""
        typed = _typed(request, "q")
        found = queries.suggest_streets(typed) if len(typed) >= 2 else []
        return JsonResponse({"items": [str(street) for street in found]}, json_dumps_params=_READABLE)

    @pattern_route(rf"^{UID}/$")
    def outage(self, request: HttpRequest, uid: str) -> HttpResponse:
        """The page of one outage. One that was called off says so under its old address."""
        now = timezone.now()
        outage = self._outage(request, uid)
        extra = detail_context(outage, now, self.address(request), board.plan_of_notice)
        crumb = presentation.in_language(outage, "places").text
        return self._below(request, "snippets/outages/detail.html", crumb, f"{uid}/", extra)

    # Feeds --------------------------------------------------------------------------------

    @sub_route("awarie.json/")
    def json_listing(self, request: HttpRequest) -> HttpResponse:
        """Open and recent notices as JSON."""
        rows = queries.with_details(queries.for_feeds(self._site(request)))
        document = listing.listing(rows, self._links(request), timezone.now())
        response = JsonResponse(document, json_dumps_params=_READABLE)
        # Public facts: pages of the commune may read them too.
        response["Access-Control-Allow-Origin"] = "*"
        return response

    @sub_route("atom.xml/")
    def atom_feed(self, request: HttpRequest) -> HttpResponse:
        """Open and recent notices as Atom."""
        rows = queries.for_feeds(self._site(request))
        return HttpResponse(atom.all_notices(rows, self._links(request), timezone.now()), content_type=ATOM)

    @pattern_route(rf"^{UID}/atom\.xml/$")
    def outage_feed(self, request: HttpRequest, uid: str) -> HttpResponse:
        """The steps of one outage as Atom."""
        outage = self._outage(request, uid)
        return HttpResponse(atom.one_notice(outage, self._links(request), timezone.now()), content_type=ATOM)

    @sub_route("kalendarz.ics/")
    def calendar_feed(self, request: HttpRequest) -> HttpResponse:
        """Notices as a calendar; `?ulica=` narrows it to one street, an unknown street is 404."""
        rows = queries.for_feeds(self._site(request))
        name = gettext("Outages and works")
        if typed := _typed(request, "ulica"):
            streets = queries.find_streets(typed)
            if not streets:
                raise Http404
            rows = queries.for_feeds(self._site(request), streets=streets)
            name = f"{name}: {streets[0]}"
        return self._calendar(request, queries.with_details(rows), name)

    @pattern_route(rf"^{UID}/kalendarz\.ics/$")
    def outage_calendar(self, request: HttpRequest, uid: str) -> HttpResponse:
        """One outage as a calendar."""
        outage = self._outage(request, uid)
        return self._calendar(request, [outage], presentation.headline(outage))

    @sub_route("cap.xml/")
    def cap_index(self, request: HttpRequest) -> HttpResponse:
        """Atom index of the CAP messages."""
        rows = queries.with_publications(queries.for_feeds(self._site(request)))
        return HttpResponse(atom.cap_index(rows, self._links(request), timezone.now()), content_type=ATOM)

    @pattern_route(rf"^cap/{UID}\.xml/$")
    def cap_newest(self, request: HttpRequest, uid: str) -> HttpResponse:
        """The newest CAP 1.2 message about one outage."""
        return self._cap(request, uid)

    @pattern_route(rf"^cap/{UID}-(?P<number>[0-9]{{1,9}}(?:-end)?)\.xml/$")
    def cap_message(self, request: HttpRequest, uid: str, number: str) -> HttpResponse:
        """One CAP 1.2 message; it stays here after newer ones and after the notice is gone."""
        return self._cap(request, uid, number)

    def _cap(self, request: HttpRequest, uid: str, number: str = "") -> HttpResponse:
        outage = queries.find_told(self._site(request), uid)
        told = messages(outage, outage.publications.all(), timezone.now()) if outage else []
        if number:
            wanted = next((place for place, issued in enumerate(told, 1) if issued.number == number), 0)
            told = told[:wanted]
        if not told:
            raise Http404
        return HttpResponse(cap.message(uid, told, self._links(request)), content_type=cap.CONTENT_TYPE)

    # Parts --------------------------------------------------------------------------------

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """The list, the address check, and every outage that is open."""
        urls: list[dict[str, Any]] = super().get_sitemap_urls(request)
        if not urls:
            return urls
        site = self.get_site()
        base = urls[0]["location"]
        if request is not None:
            # The host people really use; the site's own record may lack the port.
            base = request.build_absolute_uri(urlsplit(base).path)
        urls.append({"location": f"{base}adres/"})
        if site is not None:
            urls.extend(
                {"location": f"{base}{outage.uid}/", "lastmod": atom.changed_at(outage)}
                for outage in queries.open_notices(site)
            )
        return urls

    def _site(self, request: HttpRequest) -> Site:
        site = Site.find_for_request(request)
        if site is None:
            raise Http404
        return site

    def _outage(self, request: HttpRequest, uid: str) -> Outage:
        outage = board.notice(self._site(request), uid)
        if outage is None:
            raise Http404
        return outage

    def _links(self, request: HttpRequest) -> Links:
        site = self._site(request)
        organisation = OrganisationSettings.for_request(request).legal_name or site.site_name
        languages = {
            code: request.build_absolute_uri(path) for code, path in self.language_addresses(request).items()
        }
        index = request.build_absolute_uri(self.address(request))
        return Links(index, site.hostname, organisation, languages)

    def _calendar(self, request: HttpRequest, outages: Iterable[Outage], name: str) -> HttpResponse:
        response = HttpResponse(calendar(outages, self._links(request), name), content_type=CALENDAR)
        response["Content-Disposition"] = 'inline; filename="awarie.ics"'
        return response

    def language_addresses(self, request: HttpRequest) -> dict[str, str]:
        """The addresses of the list, or of the page below it that is being drawn: one outage, one address."""
        place = self.__dict__.get("_place_below", "")
        return {code: f"{address}{place}" for code, address in super().language_addresses(request).items()}

    def _below(
        self, request: HttpRequest, template: str, crumb: str, place: str, extra: dict[str, Any]
    ) -> HttpResponse:
        """A page at `place` under this one, with the way back to the list."""
        context = self.get_context(request, below=True)
        crumbs = [*context["crumbs"][:-1], (self.title, context["index_url"])]
        # Not `self.render()`, which would gather the lists of the index for nothing.
        title = extra.get("title") or crumb
        # From here on this is the address of what is shown, in every language.
        self._place_below = place
        addresses = {
            code: request.build_absolute_uri(address)
            for code, address in self.language_addresses(request).items()
        }
        context.update(
            extra,
            title=title,
            crumbs=[*crumbs, (crumb or title, "")],
            own_url=addresses.get(self.language_code, ""),
            alternates=addresses if len(addresses) > 1 else {},
        )
        return TemplateResponse(request, template, context)


_READABLE = {"ensure_ascii": False}


def _typed(request: HttpRequest, name: str) -> str:
    """What was typed, cut to a sensible length."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:LONGEST_TEXT]


def row_of(outage: Outage, now: datetime) -> dict[str, Any]:
    """An outage as `snippets/outages/rows.html` draws it."""
    return {
        "outage": outage,
        "title": presentation.headline(outage),
        "meta": presentation.row_meta(outage, now),
        "tag": presentation.tag_of(outage, now),
    }


def _found(outage: Outage, now: datetime) -> dict[str, Any]:
    """An outage in the answer of the address check: with its big answer and water points."""
    return {
        **row_of(outage, now),
        "answer": presentation.answer_of(outage, now),
        "advice": presentation.in_language(outage, "advice"),
        "points": points_of(outage, now),
    }
