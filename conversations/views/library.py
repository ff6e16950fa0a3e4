"""What a user keeps to begin chats with: the list of it, and adding, changing and deleting one."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations.access import conversation_for, entry_for
from conversations.limits import NotNow, check_drafting
from conversations.models import Conversation, Preset, Prompt
from conversations.models.library import NAME_LENGTH, EntryQuerySet
from conversations.preset_form import PresetForm
from conversations.prompt_form import PromptForm
from conversations.shelf import searched
from conversations.views.requests import UserRequest, signed_in, wait_for
from providers.parameter_form import shown
from providers.parameters import Parameters

Form = PresetForm | PromptForm
FEW = 12


@dataclass(frozen=True, slots=True)
class Shelf:
    """`name` is that of its addresses and of its folder of templates; `most` is what one user may
    keep there."""

    name: str
    kind: type[Preset] | type[Prompt]
    form: type[PresetForm] | type[PromptForm]
    most: int

    @property
    def rows(self) -> EntryQuerySet[Any]:
        return self.kind.objects.all()

    @property
    def address(self) -> str:
        return reverse(f"conversations:{self.name}")


PRESETS = Shelf("presets", Preset, PresetForm, 100)
PROMPTS = Shelf("prompts", Prompt, PromptForm, 500)


@require_safe
@signed_in
def index(request: UserRequest, shelf: Shelf) -> HttpResponse:
    """`chat` is the conversation that asks: what is picked goes there."""
    query = searched(request.GET)
    entries = shelf.rows.for_user(request.user).named_like(query).in_order().listed()
    context: dict[str, Any] = {"chat": chat_of(request), "query": query}
    if request.htmx and shelf is PROMPTS:
        return render(request, "prompts/_choices.html", {**context, "entries": entries[:FEW]})
    listed = list(entries)
    mine = [entry for entry in listed if entry.owner_id]
    context |= {
        "mine": mine,
        "sites": [entry for entry in listed if not entry.owner_id],
        "may_add": bool(query) or len(mine) < shelf.most,
        "deleted": _deleted(request, shelf),
    }
    return render(request, f"{shelf.name}/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: UserRequest, shelf: Shelf) -> HttpResponse:
    if full := _full(request, shelf):
        messages.error(request, full)
        return redirect(shelf.address)
    entry: Any = shelf.kind(owner_id=request.user.pk)
    form = _form(request, shelf, entry, _begun_with(request, shelf))
    if form.is_bound and form.is_valid():
        return _saved(request, shelf, form)
    return _edit_page(request, shelf, form)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: UserRequest, shelf: Shelf, entry_id: UUID) -> HttpResponse:
    entry = entry_for(shelf.rows.owned_by(request.user), entry_id)
    form = _form(request, shelf, entry, {})
    if form.is_bound and form.is_valid():
        return _saved(request, shelf, form, entry_id)
    return _edit_page(request, shelf, form, entry_id)


@require_POST
@signed_in
def delete(request: UserRequest, shelf: Shelf, entry_id: UUID) -> HttpResponse:
    """The list then offers the way back."""
    entry = entry_for(shelf.rows.owned_by(request.user), entry_id)
    entry.delete_softly()
    return redirect(f"{shelf.address}?deleted={entry.pk}")


@require_POST
@signed_in
def restore(request: UserRequest, shelf: Shelf, entry_id: UUID) -> HttpResponse:
    entry = entry_for(shelf.rows.deleted_by(request.user), entry_id)
    if _has_most(request, shelf):
        messages.error(request, _full(request, shelf))
        return redirect(f"{shelf.address}?deleted={entry.pk}")
    entry.restore()
    messages.success(request, _("“%(name)s” is here again.") % {"name": entry})
    return redirect(shelf.address)


def chat_of(request: UserRequest) -> Conversation | None:
    """The conversation whose page led here; None where it was that of a new one."""
    if not request.GET.get("chat"):
        return None
    if (chat_id := _uuid(request.GET["chat"])) is None:
        raise Http404
    return conversation_for(request.user, chat_id)


def _full(request: UserRequest, shelf: Shelf) -> str:
    """Why there is no room for another one; '' where there is."""
    if _has_most(request, shelf):
        return _("You have as many as one user may have. Delete one first.")
    # They take room until they are purged.
    if shelf.rows.deleted_by(request.user).count() >= shelf.most:
        return _("You deleted as many as one user may have. Make a new one tomorrow.")
    return ""


def _has_most(request: UserRequest, shelf: Shelf) -> bool:
    return shelf.rows.owned_by(request.user).count() >= shelf.most


def _form(request: UserRequest, shelf: Shelf, entry: Any, initial: dict[str, Any]) -> Form:
    data = request.POST if request.method == "POST" else None
    return shelf.form(data, instance=entry, initial=initial, user=request.user)


def _saved(
    request: UserRequest, shelf: Shelf, form: Form, entry_id: UUID | None = None
) -> HttpResponse:
    """Its text counts as a draft's does."""
    texts = [value for value in form.cleaned_data.values() if isinstance(value, str)]
    try:
        check_drafting(request.user.pk, sum(len(text.encode()) for text in texts))
    except NotNow as refusal:
        form.add_error(None, str(refusal))
        page = _edit_page(request, shelf, form, entry_id)
        page.status_code = refusal.status
        return wait_for(refusal, page)
    messages.success(request, _("“%(name)s” is saved.") % {"name": form.save()})
    return redirect(shelf.address)


def _edit_page(
    request: UserRequest, shelf: Shelf, form: Form, entry_id: UUID | None = None
) -> HttpResponse:
    # A form that was refused has written into its own instance.
    entry = entry_for(shelf.rows.owned_by(request.user), entry_id) if entry_id else None
    status = 422 if form.errors else 200
    return render(request, f"{shelf.name}/edit.html", {"form": form, "entry": entry}, status=status)


def _begun_with(request: UserRequest, shelf: Shelf) -> dict[str, Any]:
    """A new preset may begin with another one, or with what a chat has."""
    if shelf is not PRESETS or request.method == "POST":
        return {}
    if "preset" in request.GET:
        found = Preset.objects.for_user(request.user).select_related("model")
        like = entry_for(found, _uuid(request.GET["preset"]))
        own = {"name": like.name, "letter": like.letter, "opening": like.opening}
        return {**own, **_asking(request, like)}
    if chat := chat_of(request):
        return {"name": chat.title[:NAME_LENGTH], **_asking(request, chat)}
    return {}


def _asking(request: UserRequest, source: Preset | Conversation) -> dict[str, Any]:
    return {
        "system_prompt": source.system_prompt,
        "model": source.model_id,
        **shown(Parameters.from_mapping(source.parameters)),
    }


def _deleted(request: UserRequest, shelf: Shelf) -> Preset | Prompt | None:
    if "deleted" not in request.GET:
        return None
    mine = shelf.rows.deleted_by(request.user)
    found: Preset | Prompt | None = mine.filter(pk=_uuid(request.GET["deleted"])).first()
    return found


def _uuid(text: str) -> UUID | None:
    """None for what is no id: nothing has it."""
    try:
        return UUID(text)
    except ValueError:
        return None
