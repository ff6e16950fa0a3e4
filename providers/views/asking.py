"""What asks the service of a user's own provider: for its models, or how far a chat gets."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from providers.examination import checked_page
from providers.fetching import fetch_and_tell
from providers.views.requests import for_owners, own_provider


@for_owners
@require_POST
def fetch(request: HttpRequest, provider_id: UUID) -> HttpResponse:
    provider = own_provider(request, provider_id)
    fetch_and_tell(request, provider)
    return redirect("providers:edit", provider.pk)


@for_owners
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, provider_id: UUID) -> HttpResponse | StreamingHttpResponse:
    provider = own_provider(request, provider_id)
    if request.method != "POST":
        # Who changes the language on the page comes back to it this way.
        return redirect("providers:edit", provider.pk)
    model_id = request.POST.get("model", "")[:255]
    return checked_page(request, provider, model_id, "providers/check.html", {})
