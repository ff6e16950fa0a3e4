"""The models of a user's own provider: which are offered, under what names and in what order."""

from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from providers.forms import OwnProviderForm
from providers.model_forms import ModelsForm
from providers.views.editing import edit_page
from providers.views.requests import for_owners, own_provider


@for_owners
@require_http_methods(["GET", "HEAD", "POST"])
def save(request: HttpRequest, provider_id: UUID) -> HttpResponse:
    provider = own_provider(request, provider_id)
    data = request.POST if request.method == "POST" else None
    models = ModelsForm(provider, request.GET.get("page", ""), data)
    if data is not None and not _save(request, models):
        messages.error(request, _("Nothing is saved yet. Correct what is marked below."))
        return edit_page(request, OwnProviderForm(instance=provider), models)
    # Who changes the language on the page comes back to it this way, too.
    address = reverse("providers:edit", args=[provider.pk])
    return redirect(f"{address}?page={models.page.number}")


def _save(request: HttpRequest, models: ModelsForm) -> bool:
    """Store what was entered and tell how much it was; False if it is refused."""
    if not models.is_valid():
        return False
    try:
        count = models.save()
    except IntegrityError:
        # The same one at the same time, from another tab or by a second click.
        models.new.refuse_id()
        return False
    told = ngettext("%(count)s model is saved.", "%(count)s models are saved.", count)
    messages.success(request, told % {"count": count} if count else _("Nothing was changed."))
    return True
