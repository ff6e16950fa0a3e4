"""Reading a shared chat, page by page, with its images."""

from django.core.paginator import EmptyPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from chatsite.shared.address import at_address
from chatsite.shared.lock import ask, is_open
from conversations.branch import PAGE
from conversations.models import Share, SharedPicture
from conversations.turns import shared_turn
from conversations.views.images import image


@at_address
@require_safe
def read(request: HttpRequest, shared: Share) -> HttpResponse:
    """`?page=…`, from the first message on."""
    if not is_open(request, shared):
        return ask(request, shared)
    found = shared.messages.prefetch_related("pictures")
    try:
        page = Paginator(found, PAGE).page(_number(request.GET.get("page", "1")))
    except EmptyPage:
        raise Http404 from None
    turns = [shared_turn(shared, each) for each in page]
    return render(request, "shared/chat.html", {"share": shared, "turns": turns, "page": page})


@at_address
@require_safe
def picture(request: HttpRequest, shared: Share, message: int, number: int) -> HttpResponse:
    if not is_open(request, shared):
        raise Http404
    return image(
        get_object_or_404(
            SharedPicture.objects.defer(None).exclude(media_type=""),
            message__share=shared,
            message__number=message,
            number=number,
        )
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 1
