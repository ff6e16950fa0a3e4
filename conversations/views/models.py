"""All models that can be picked for a chat, searched and page by page."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from conversations.access import conversation_for
from conversations.page import models_url
from conversations.shelf import searched
from conversations.views.requests import UserRequest, signed_in
from providers.models import Model

PER_PAGE = 50


@require_safe
@signed_in
def index(request: UserRequest, conversation_id: UUID | None = None) -> HttpResponse:
    conversation = conversation_for(request.user, conversation_id) if conversation_id else None
    query = searched(request.GET)
    offered = Model.objects.for_user(request.user).for_chat().select_related("provider")
    found = Paginator(offered.named_like(query), PER_PAGE)
    context = {
        "conversation": conversation,
        "query": query,
        "address": models_url(conversation),
        "page": found.get_page(request.GET.get("page", "")),
    }
    return render(request, "models.html", context)
