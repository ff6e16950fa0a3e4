"""What its owner does with a share: makes it, sees it again, brings it up to date, revokes it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations.access import conversation_for
from conversations.limits import NotNow
from conversations.models import Conversation, Share
from conversations.share_form import ShareForm
from conversations.sharing import (
    MOST_SHARES,
    TooManyShares,
    is_on,
    revoke,
    share,
    shares_of,
    update,
)
from conversations.views.requests import UserRequest, signed_in, wait_for


@require_safe
@signed_in
def shared_chats(request: UserRequest) -> HttpResponse:
    """All that this user shares."""
    if not is_on():
        raise Http404
    return _list(request)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def share_chat(request: UserRequest, conversation_id: UUID) -> HttpResponse:
    """How this chat is shared, and the form to share it once more."""
    if not is_on():
        raise Http404
    conversation = conversation_for(request.user, conversation_id)
    form = ShareForm(request.POST if request.method == "POST" else None)
    try:
        if form.is_valid() and _made(request, conversation, form):
            return redirect("conversations:share", conversation.pk)
    except NotNow as refusal:
        form.add_error(None, str(refusal))
        return wait_for(refusal, _form(request, conversation, form, refusal.status))
    return _form(request, conversation, form, 422 if form.errors else 200)


@require_POST
@signed_in
def update_share(request: UserRequest, share_id: UUID) -> HttpResponse:
    shared = _share_for(request, share_id)
    try:
        update(shared)
    except NotNow as refusal:
        return wait_for(refusal, _not_updated(request, shared, refusal))
    except (Conversation.DoesNotExist, Share.DoesNotExist):
        raise Http404 from None
    messages.success(request, _("The link now shows the chat as it is."))
    return _back(request, shared)


@require_POST
@signed_in
def revoke_share(request: UserRequest, share_id: UUID) -> HttpResponse:
    shared = _share_for(request, share_id)
    try:
        revoke(shared)
    except Share.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("The link is revoked. Nobody can open it any more."))
    return _back(request, shared)


def _list(request: UserRequest, status: int = 200) -> HttpResponse:
    context = {"shares": shares_of(request.user)}
    return render(request, "shared/list.html", context, status=status)


def _form(
    request: UserRequest, conversation: Conversation, form: ShareForm, status: int
) -> HttpResponse:
    shares = shares_of(request.user).filter(conversation=conversation)
    context = {"conversation": conversation, "form": form, "shares": shares}
    return render(request, "shared/new.html", context, status=status)


def _made(request: UserRequest, conversation: Conversation, form: ShareForm) -> bool:
    try:
        share(conversation, form.terms)
    except TooManyShares:
        form.add_error(
            None,
            _("You share %(most)s chats, which is the most. Revoke one, then share this one.")
            % {"most": MOST_SHARES},
        )
        return False
    except Conversation.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("The chat is shared. Copy its link and hand it on."))
    return True


def _not_updated(request: UserRequest, shared: Share, refusal: NotNow) -> HttpResponse:
    """Why, on the page whose button was pressed."""
    messages.error(request, str(refusal))
    if _is_on_page_of_chat(request):
        return _form(request, shared.conversation, ShareForm(), refusal.status)
    return _list(request, refusal.status)


def _share_for(request: UserRequest, share_id: UUID) -> Share:
    return get_object_or_404(shares_of(request.user).select_related("conversation"), pk=share_id)


def _back(request: UserRequest, shared: Share) -> HttpResponse:
    """To the page whose button was pressed."""
    if _is_on_page_of_chat(request):
        return redirect("conversations:share", shared.conversation_id)
    return redirect("conversations:shares")


def _is_on_page_of_chat(request: UserRequest) -> bool:
    return request.POST.get("place") == "chat"
