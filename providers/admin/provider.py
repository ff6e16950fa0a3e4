"""Providers: their addresses and keys, how they do, and the buttons to try them."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from providers.examination import checked_page
from providers.fetching import fetch_and_tell, last_failure
from providers.forms import AdminProviderForm
from providers.models import Provider, Source
from providers.preset_choice import choice_in, groups
from providers.standing import standings

if TYPE_CHECKING:
    _ProviderAdmin = admin.ModelAdmin[Provider]
else:
    _ProviderAdmin = admin.ModelAdmin


TEMPLATES = "admin/providers/provider"


class ProviderList(ChangeList):
    """A page of providers, and how they do."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        found = standings(self.result_list)
        for provider in self.result_list:
            provider.standing = found[provider.pk]


@admin.register(Provider)
class ProviderAdmin(_ProviderAdmin):
    form = AdminProviderForm
    list_display = (
        "name",
        "standing",
        "test",
        "model_count",
        "base_url",
        "listed_at",
        "owner",
        "source",
    )
    list_filter = ("enabled", "source", ("owner", admin.EmptyFieldListFilter))
    list_select_related = ("owner",)
    ordering = ("name",)
    search_fields = ("name", "base_url", "owner__username")
    raw_id_fields = ("owner",)
    readonly_fields = ("source",)
    actions = ("fetch_models",)
    change_form_template = f"{TEMPLATES}/change_form.html"

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        told = {"choice": choice_in(request.GET), "groups": groups()}
        return super().add_view(request, form_url, {**(extra_context or {}), **told})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        choice = choice_in(request.GET)
        return choice.initial if choice else {}

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ProviderList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Provider]:
        return super().get_queryset(request).annotate(count=Count("models"))

    @admin.display(description=gettext_lazy("models"), ordering="count")
    def model_count(self, provider: Provider) -> int:
        return int(getattr(provider, "count", 0))

    @admin.display(description=gettext_lazy("state"))
    def standing(self, provider: Provider) -> str:
        found = getattr(provider, "standing", None) or standings([provider])[provider.pk]
        return render_to_string(f"{TEMPLATES}/_standing.html", {"standing": found})

    @admin.display(description="")
    def test(self, provider: Provider) -> str:
        return render_to_string(f"{TEMPLATES}/_test.html", {"provider": provider})

    @admin.display(description=gettext_lazy("last attempt"))
    def last_attempt(self, provider: Provider) -> str:
        went_well = _("Without a problem.") if provider.listed_at else _("None yet.")
        return last_failure(provider) or went_well

    def get_fieldsets(self, request: HttpRequest, obj: Provider | None = None) -> Any:
        # What is set at each start is not for anybody to enter here.
        is_set = _is_set_at_start(obj)
        service = ("name", "base_url", *(() if is_set else ("key",)), "owner", "enabled", "source")
        routes = ("further_base_urls", *(() if is_set else ("further_key",)), "route_order")
        limits = ("connect_s", "first_byte_s", "idle_s", "total_s")
        folded: dict[str, Any] = {"classes": ("collapse",)}
        told = ("listed_at", "last_attempt", "list_due_at")
        fetched = [(_("List of models"), {"fields": told})] if obj else []
        return [
            (None, {"fields": (*(("standing",) if obj else ()), *service)}),
            *fetched,
            (_("Further routes"), {"fields": (*routes, "proxy"), **folded}),
            (_("Time limits, in seconds"), {"fields": limits, **folded}),
        ]

    def get_readonly_fields(
        self, request: HttpRequest, obj: Provider | None = None
    ) -> tuple[str, ...]:
        told = ("standing", "source", "listed_at", "last_attempt", "list_due_at")
        return (*told, "base_url", "owner") if _is_set_at_start(obj) else told

    def has_change_permission(self, request: HttpRequest, obj: Provider | None = None) -> bool:
        # The embedded model has no address or key that could be edited.
        is_local = obj is not None and obj.source == Source.LOCAL
        return super().has_change_permission(request, obj) and not is_local

    @admin.action(description=gettext_lazy("Fetch models"), permissions=["change"])
    def fetch_models(self, request: HttpRequest, chosen: QuerySet[Provider]) -> None:
        for provider in chosen.exclude(source=Source.LOCAL):
            fetch_and_tell(request, provider)

    def get_urls(self) -> list[URLPattern]:
        fetch = self.admin_site.admin_view(require_POST(self.fetch_view))
        check = self.admin_site.admin_view(require_POST(self.check_view))
        own = [
            path("<uuid:provider_id>/fetch/", fetch, name="providers_provider_fetch"),
            path("<uuid:provider_id>/check/", check, name="providers_provider_check"),
        ]
        return [*own, *super().get_urls()]

    def check_view(self, request: HttpRequest, provider_id: UUID) -> StreamingHttpResponse:
        provider = get_object_or_404(self.get_queryset(request), pk=provider_id)
        # It asks with the stored key, which costs; the local model may be tried as well.
        if not super().has_change_permission(request, provider):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | {"provider": provider}
        template = f"{TEMPLATES}/check.html"
        return checked_page(request, provider, request.POST.get("model", ""), template, context)

    def fetch_view(self, request: HttpRequest, provider_id: UUID) -> HttpResponse:
        provider = get_object_or_404(self.get_queryset(request), pk=provider_id)
        if not self.has_change_permission(request, provider):
            raise PermissionDenied
        fetch_and_tell(request, provider)
        address = reverse("admin:providers_provider_change", args=[provider.pk])
        return HttpResponseRedirect(address)

    def save_model(self, request: HttpRequest, obj: Provider, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        for note in form.notes:
            messages.info(request, note)

    def response_add(
        self, request: HttpRequest, obj: Provider, post_url_continue: str | None = None
    ) -> HttpResponse:
        # Adding is one transaction, and no writer may wait for a service that is slow to answer.
        transaction.on_commit(lambda: fetch_and_tell(request, obj))
        return super().response_add(request, obj, post_url_continue)


def _is_set_at_start(provider: Provider | None) -> bool:
    """Whether nobody enters the address and the key here: they are given again at each start."""
    return provider is not None and provider.source != Source.ADMIN
