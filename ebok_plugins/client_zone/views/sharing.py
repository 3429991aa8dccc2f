"""Who sees the customer's account: the list, inviting, ending; and one's own access."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from ebok.customers.access import accesses_to
from ebok.customers.models import AccessRole, CustomerAccess, Invitation, Scope
from ebok.zones.customer_pages import CustomerMixin
from ebok.zones.paging import page_of
from ebok.zones.views import LARGEST_ID, Crumb
from ebok_plugins.client_zone import sharing
from ebok_plugins.client_zone.registration import limits, rules
from ebok_plugins.client_zone.sharing_forms import InvitationForm
from ebok_plugins.client_zone.views.public import from_address

PER_PAGE = 25


@dataclass(frozen=True)
class RoleChoice:
    """One way to invite somebody."""

    role: str
    title: str
    text: Any


ROLES = {
    AccessRole.HOUSEHOLD: gettext_lazy("Sees bills and readings, pays, writes. Not the contract."),
    AccessRole.TENANT: gettext_lazy("Sees meters and sends readings, nothing else."),
    AccessRole.MANAGER: gettext_lazy("Does everything for you, and may invite others."),
    AccessRole.ATTORNEY: gettext_lazy("Does everything in your name, and may invite others."),
}


class SharingMixin(CustomerMixin):
    """A page for people who may let others in."""

    scopes: ClassVar[tuple[str, ...]] = (Scope.ACCOUNT,)
    http_method_names = ["get", "head", "post", "options"]
    help_topic = "sharing"

    @property
    def mine(self) -> CustomerAccess:
        """The person's own access. An employee who looks as the client has none: 404 where one is needed."""
        if self.acting is None or self.acting.access is None:
            raise Http404
        return self.acting.access

    def crumbs(self) -> list[Crumb]:
        """The list, then here."""
        return [(_("Access"), reverse("client:client_zone:sharing")), (self.title, "")]


class SharingList(SharingMixin, TemplateView):
    """Who has access, as whom, how far, since when and until when; and open invitations."""

    http_method_names = ["get", "head", "options"]
    template_name = "client_zone/sharing/list.html"
    title = gettext_lazy("Who has access")

    def crumbs(self) -> list[Crumb]:
        """Here."""
        return [(self.title, "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of people, all open invitations: they are at most `sharing.MOST_OPEN`."""
        found = accesses_to(self.customer).select_related("user", "given_by")
        page = page_of(self.request, found, PER_PAGE)
        own = self.acting.access if self.acting else None
        return super().get_context_data(
            page_obj=page,
            accesses=page.object_list,
            own=own,
            invitations=list(sharing.open_invitations(self.customer)),
            **kwargs,
        )


class Invite(SharingMixin, TemplateView):
    """First as whom, then how far: without scripts the role decides which boxes are ticked."""

    template_name = "client_zone/sharing/invite.html"
    title = gettext_lazy("Invite somebody")

    def role(self) -> str:
        """The role that was chosen, or ""."""
        chosen = self.request.GET.get("rola", "")
        return chosen if chosen in sharing.INVITED_ROLES else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The choice of roles, or the form for one."""
        role = self.role()
        if role and "form" not in kwargs and self.acting and self.acting.access:
            kwargs["form"] = InvitationForm(mine=self.acting.access, role=role)
        choices = [RoleChoice(value, str(AccessRole(value).label), text) for value, text in ROLES.items()]
        return super().get_context_data(
            role=role, role_title=AccessRole(role).label if role else "", roles=choices, **kwargs
        )

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Send the invitation."""
        role = self.role()
        if not role:
            return redirect("client:client_zone:invite")
        form = InvitationForm(request.POST, mine=self.mine, role=role)
        if form.is_valid():
            limit = (rules.INVITING, str(request.user.pk))
            if wait := limits.wait_of(from_address(request), limit):
                return self.too_many(wait)
            try:
                sharing.invite(
                    self.mine,
                    email=form.cleaned_data["email"],
                    role=role,
                    scopes=form.cleaned_data["scopes"],
                    valid_until=form.cleaned_data["last_day"],
                    request=request,
                )
            except sharing.SharingRefused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("We have sent the invitation to %(email)s.") % form.cleaned_data)
                return redirect("client:client_zone:sharing")
        return self.render_to_response(self.get_context_data(form=form))

    def too_many(self, seconds: int) -> HttpResponse:
        """Too many invitations: how long to wait."""
        context = self.get_context_data(minutes=-(-seconds // 60))
        response = render(self.request, "client_zone/joining/too_many.html", context, status=429)
        response["Retry-After"] = str(seconds)
        return response


class InvitationPage(SharingMixin, TemplateView):
    """One open invitation, and the button that withdraws it."""

    template_name = "client_zone/sharing/invitation.html"
    title = gettext_lazy("Invitation")

    def invitation(self) -> Invitation:
        """The customer's own and open one; 404 for others."""
        found = sharing.open_invitations(self.customer)
        return get_object_or_404(found, public_id=self.kwargs["invitation"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The invitation."""
        kwargs["invitation"] = self.invitation()
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, invitation: Any) -> HttpResponseBase:
        """Withdraw it."""
        found = self.invitation()
        if sharing.withdraw(found, actor=self.mine.user, request=request):
            messages.success(request, _("The invitation of %(email)s is withdrawn.") % {"email": found.email})
        return redirect("client:client_zone:sharing")


class AccessPage(SharingMixin, TemplateView):
    """One person's access, and the button that ends it at once."""

    template_name = "client_zone/sharing/access.html"
    title = gettext_lazy("Access of a person")

    def access(self) -> CustomerAccess:
        """A valid access to this customer; 404 for others."""
        if self.kwargs["access"] > LARGEST_ID:
            raise Http404
        found = accesses_to(self.customer).select_related("user", "customer", "given_by")
        return get_object_or_404(found, pk=self.kwargs["access"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The access, and why it may have to stay."""
        access = self.access()
        own = self.acting.access if self.acting else None
        is_holder = access.role == AccessRole.OWNER
        valid = list(accesses_to(self.customer).filter(role=AccessRole.OWNER)) if is_holder else []
        kwargs.update(
            access=access,
            is_own=own is not None and own.pk == access.pk,
            stays=sharing.is_last_holder(access, valid)
            or (is_holder and own is not None and own.role != AccessRole.OWNER),
        )
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, access: Any) -> HttpResponseBase:
        """End it."""
        found = self.access()
        try:
            ended = sharing.end_access(found, mine=self.mine, request=request)
        except sharing.SharingRefused as refused:
            messages.error(request, str(refused))
            return redirect("client:client_zone:access", access=found.pk)
        if ended:
            messages.success(
                request, _("%(person)s no longer has access.") % {"person": found.user.display_name}
            )
        own = found.pk == self.mine.pk
        return redirect("client:client_zone:dashboard" if own else "client:client_zone:sharing")


class MyAccess(CustomerMixin, TemplateView):
    """One's own access: who gave it, how far, until when; and the way out."""

    http_method_names = ["get", "head", "post", "options"]
    template_name = "client_zone/sharing/mine.html"
    title = gettext_lazy("My access")
    help_topic = "sharing"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The access, and the invitation it came by."""
        own = self.acting.access if self.acting else None
        invitation = (
            Invitation.objects.filter(access=own).select_related("invited_by").first() if own else None
        )
        valid = list(accesses_to(self.customer).filter(role=AccessRole.OWNER))
        return super().get_context_data(
            access=own,
            invited_by=(invitation.invited_by if invitation else None) or (own.given_by if own else None),
            stays=own is not None and sharing.is_last_holder(own, valid),
            now=timezone.now(),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Resign."""
        if self.acting is None or self.acting.access is None:
            raise Http404
        own = self.acting.access
        try:
            ended = sharing.end_access(own, mine=own, request=request)
        except sharing.SharingRefused as refused:
            messages.error(request, str(refused))
            return redirect("client:client_zone:my_access")
        if ended:
            messages.success(
                request, _("You no longer have access to %(code)s.") % {"code": own.customer.code}
            )
        return redirect("client:client_zone:dashboard")
