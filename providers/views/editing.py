"""A user's own providers: the list of them, and adding, changing and deleting one."""

from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from providers.fetching import fetch_and_tell
from providers.forms import OwnProviderForm
from providers.model_forms import ModelsForm
from providers.models import Provider
from providers.preset_choice import choice_in, facts_of, groups
from providers.presets import preset_of
from providers.views.requests import for_owners, own_provider

MOST_PROVIDERS = 20


@for_owners
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    listed = Count("models", filter=Q(models__vanished_at=None))
    mine = Provider.objects.owned_by(request.user).annotate(count=listed).order_by("name")
    providers = list(mine.prefetch_related("keys"))
    context = {"providers": providers, "may_add": len(providers) < MOST_PROVIDERS}
    return render(request, "providers/list.html", context)


@for_owners
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    if Provider.objects.owned_by(request.user).count() >= MOST_PROVIDERS:
        return redirect("providers:list")
    choice = choice_in(request.GET)
    form = _form(request, Provider(owner_id=request.user.pk), choice.initial if choice else {})
    if form.is_bound and _save(request, form):
        return redirect("providers:edit", form.instance.pk)
    context = {"form": form, "choice": choice, "groups": groups()}
    return render(request, "providers/new.html", context, status=422 if form.errors else 200)


@for_owners
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, provider_id: UUID) -> HttpResponse:
    provider = own_provider(request, provider_id)
    form = _form(request, provider, {})
    if form.is_bound and _save(request, form):
        return redirect("providers:edit", provider.pk)
    # A form that was refused has written into its own instance.
    shown = own_provider(request, provider_id) if form.is_bound else provider
    return edit_page(request, form, ModelsForm(shown, request.GET.get("page", "")))


@for_owners
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, provider_id: UUID) -> HttpResponse:
    """Keys are gone for good, so this asks first instead of offering a way back."""
    provider = own_provider(request, provider_id)
    if request.method == "POST":
        provider.delete()
        messages.success(request, _("“%(provider)s” was deleted.") % {"provider": provider})
        return redirect("providers:list")
    return render(request, "providers/delete.html", {"provider": provider})


def edit_page(request: HttpRequest, form: OwnProviderForm, models: ModelsForm) -> HttpResponse:
    """The provider, its own form and the one for its models, of which one may be refused."""
    preset = preset_of(models.provider.preset)
    context = {
        "form": form,
        "provider": models.provider,
        "facts": facts_of(preset) if preset else None,
        "models": models,
    }
    is_refused = form.errors or models.has_errors
    return render(request, "providers/edit.html", context, status=422 if is_refused else 200)


def _form(request: HttpRequest, provider: Provider, initial: dict[str, str]) -> OwnProviderForm:
    if request.method == "POST":
        return OwnProviderForm(request.POST, instance=provider)
    return OwnProviderForm(instance=provider, initial=initial)


def _save(request: HttpRequest, form: OwnProviderForm) -> bool:
    """Store what was entered and tell what became of it; False if it is refused."""
    if not form.is_valid():
        return False
    try:
        with transaction.atomic():
            provider = form.save()
    except IntegrityError:
        # The same form at the same time, from another tab or by a second click.
        form.refuse_name()
        return False
    messages.success(request, _("“%(provider)s” is saved.") % {"provider": provider})
    for note in form.notes:
        messages.info(request, note)
    if {"base_url", "key"} & set(form.changed_data):
        fetch_and_tell(request, provider)
    return True
