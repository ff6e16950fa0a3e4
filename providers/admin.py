"""Providers, their keys and models, for administrators."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, ForeignKey, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from providers.adaptation_words import sentences
from providers.card import abilities
from providers.examination import checked_page
from providers.fetching import fetch_and_tell, last_failure
from providers.forms import AdminProviderForm
from providers.models import Call, Model, Provider, Source
from providers.models.call import Basis
from providers.models.model import ModelQuerySet, PriceSource
from providers.preset_choice import choice_in, groups
from providers.quirks import forget, known_of

if TYPE_CHECKING:
    _ProviderAdmin = admin.ModelAdmin[Provider]
    _ModelAdmin = admin.ModelAdmin[Model]
    _CallAdmin = admin.ModelAdmin[Call]
else:
    _ProviderAdmin = _ModelAdmin = _CallAdmin = admin.ModelAdmin

PRICES = frozenset({"input_price", "cached_input_price", "output_price", "currency"})


@admin.register(Provider)
class ProviderAdmin(_ProviderAdmin):
    form = AdminProviderForm
    list_display = (
        "name",
        "base_url",
        "enabled",
        "model_count",
        "listed_at",
        "problem",
        "owner",
        "source",
    )
    list_filter = ("enabled", "source")
    list_select_related = ("owner",)
    search_fields = ("name", "base_url")
    raw_id_fields = ("owner",)
    readonly_fields = ("source",)
    actions = ("fetch_models",)
    change_form_template = "admin/providers/provider/change_form.html"

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        told = {"choice": choice_in(request.GET), "groups": groups()}
        return super().add_view(request, form_url, {**(extra_context or {}), **told})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        choice = choice_in(request.GET)
        return choice.initial if choice else {}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Provider]:
        return super().get_queryset(request).annotate(count=Count("models"))

    @admin.display(description=gettext_lazy("models"), ordering="count")
    def model_count(self, provider: Provider) -> int:
        return int(getattr(provider, "count", 0))

    @admin.display(description=gettext_lazy("last attempt"), empty_value="")
    def problem(self, provider: Provider) -> str:
        return Truncator(last_failure(provider)).chars(80)

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
            (None, {"fields": service}),
            *fetched,
            (_("Further routes"), {"fields": (*routes, "proxy"), **folded}),
            (_("Time limits, in seconds"), {"fields": limits, **folded}),
        ]

    def get_readonly_fields(
        self, request: HttpRequest, obj: Provider | None = None
    ) -> tuple[str, ...]:
        told = ("source", "listed_at", "last_attempt", "list_due_at")
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
        if not self.has_view_permission(request, provider):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | {"provider": provider}
        template = "admin/providers/provider/check.html"
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


@admin.register(Model)
class ModelAdmin(_ModelAdmin):
    list_display = (
        "model_id",
        "name",
        "provider",
        "default",
        "enabled",
        "position",
        "context_window",
        "input_price",
        "output_price",
        "currency",
        "price_source",
    )
    list_editable = ("enabled", "position")
    # Four fields of a row are posted, and a form may have two hundred.
    list_per_page = 40
    list_filter = ("enabled", "provider", "price_source")
    list_select_related = ("provider",)
    search_fields = ("model_id", "name")
    change_form_template = "admin/providers/model/change_form.html"
    actions = ("make_default", "make_none_default", "forget_learnt")

    def get_readonly_fields(
        self, request: HttpRequest, obj: Model | None = None
    ) -> tuple[str, ...]:
        told = ("default", "card_shown", "sent_otherwise", "price_source", "vanished_at")
        return ("provider", "model_id", *told) if obj else ()

    def get_exclude(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        # What is entered here is entered by hand.
        return () if obj else ("by_hand",)

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        kwargs["queryset"] = Provider.objects.exclude(source=Source.LOCAL)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=gettext_lazy("default"), ordering="is_default")
    def default(self, model: Model) -> str:
        return "✓" if model.is_default else ""

    @admin.action(description=gettext_lazy("Make it the default"), permissions=["change"])
    def make_default(self, request: HttpRequest, chosen: QuerySet[Model]) -> None:
        """New chats begin with it, except for those who picked another one."""
        model = chosen[0] if chosen.count() == 1 else None
        if model is None:
            self.message_user(request, _("Choose one model only."), messages.ERROR)
        elif not Model.objects.for_everybody().filter(pk=model.pk).exists():
            told = _("%(model)s is not offered to everybody. Choose another model.")
            self.message_user(request, told % {"model": model}, messages.ERROR)
        else:
            Model.objects.make_default(model)
            self.message_user(request, _("New chats begin with %(model)s.") % {"model": model})

    @admin.action(description=gettext_lazy("Have no default"), permissions=["change"])
    def make_none_default(self, request: HttpRequest, chosen: QuerySet[Model]) -> None:
        Model.objects.make_default(None)
        self.message_user(request, _("New chats begin with the first model of the list."))

    @admin.action(description=gettext_lazy("Forget what is refused"), permissions=["change"])
    def forget_learnt(self, request: HttpRequest, chosen: ModelQuerySet) -> None:
        forget(chosen)
        self.message_user(request, _("From now on all that is set is sent again."))

    @admin.display(description=gettext_lazy("refuses"), empty_value="")
    def sent_otherwise(self, model: Model) -> str:
        return " ".join(sentences(known_of(model)))

    @admin.display(description=gettext_lazy("can"))
    def card_shown(self, model: Model) -> str:
        told = {
            "abilities": abilities(model.card, model.capabilities),
            "checked_at": model.checked_at,
        }
        return render_to_string("admin/providers/model/_card.html", told)

    def save_model(
        self, request: HttpRequest, obj: Model, form: "forms.ModelForm[Model]", change: bool
    ) -> None:
        if PRICES & set(form.changed_data):
            # From now on the lists of services and of this program leave it alone.
            obj.price_source, obj.price_varies, obj.price_up_to = PriceSource.ADMIN, False, None
        obj.by_hand = obj.by_hand or not change
        if obj.by_hand:
            obj.vanished_at = None
        super().save_model(request, obj, form, change)


@admin.register(Call)
class CallAdmin(_CallAdmin):
    """The ledger: to be read, filtered and added up, never to be changed."""

    list_display = (
        "created_at",
        "user",
        "kind",
        "model_name",
        "outcome",
        "prompt_tokens",
        "completion_tokens",
        "amount",
        "first_token_s",
        "seconds",
        "route",
    )
    list_filter = ("kind", "outcome", "error_kind", "cost_basis", "created_at")
    list_select_related = ("user",)
    search_fields = ("model_name", "route")
    date_hierarchy = "created_at"

    @admin.display(description=gettext_lazy("cost"), ordering="cost")
    def amount(self, call: Call) -> str:
        if call.cost is None:
            return "–"
        sign = "" if call.cost_basis == Basis.MEASURED else "≈ "
        return f"{sign}{call.cost:.6f} {call.currency}"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Call | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Call | None = None) -> bool:
        return False


def _is_set_at_start(provider: Provider | None) -> bool:
    """Whether nobody enters the address and the key here: they are given again at each start."""
    return provider is not None and provider.source != Source.ADMIN
