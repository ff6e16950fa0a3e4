"""Pin, archive, move, tag and delete: one chat, or all that were picked; and take it back."""

from uuid import UUID

from asgiref.sync import async_to_sync
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from conversations.access import conversation_for, running_answers_of
from conversations.arranging import Act, Wanted, arrange
from conversations.arranging_form import ArrangeForm
from conversations.generation import hub
from conversations.models import Conversation, Folder
from conversations.page import Context, options_of, sidebar
from conversations.pins import TooManyPinned
from conversations.tags import TooManyTags
from conversations.views.fragments import answer, part, partial
from conversations.views.requests import UserRequest, posted_shelf, signed_in


@require_POST
@signed_in
def arrange_one(request: UserRequest, conversation_id: UUID) -> HttpResponse:
    """From its row's menu, its page of options, or the palette."""
    conversation = conversation_for(request.user, conversation_id)
    done = _arrange(request, ArrangeForm(request.POST, [str(conversation_id)]))
    if isinstance(done, HttpResponse):
        return done
    is_tagged = request.POST["act"] in (Act.TAG, Act.UNTAG)
    if request.htmx and is_tagged:
        # The menu stays: there may be more tags to put on.
        return render(request, "_row_menu.html", options_of(request.user, conversation))
    if request.htmx:
        return _show(request, done)
    options = reverse("conversations:options", args=[conversation.pk])
    return redirect(options if is_tagged else conversation.get_absolute_url())


@require_POST
@signed_in
def arrange_picked(request: UserRequest) -> HttpResponse:
    done = _arrange(request, ArrangeForm(request.POST))
    if isinstance(done, HttpResponse):
        return done
    if request.htmx:
        return _show(request, done)
    context = {**sidebar(request.user, None, posted_shelf(request)), **done}
    return render(request, "conversation_list.html", context)


def _arrange(request: UserRequest, form: ArrangeForm) -> Context | HttpResponse:
    """What the notice of it shows; or why it was not done."""
    if not form.is_valid():
        return _refuse(request, form.first_error(), 422)
    if (wanted := form.wanted()) is None:
        raise Http404
    try:
        undo = arrange(request.user, wanted)
    except (Conversation.DoesNotExist, Folder.DoesNotExist):
        raise Http404 from None
    except (TooManyTags, TooManyPinned) as refusal:
        return _refuse(request, str(refusal), 409)
    if wanted.act == Act.DELETE:
        for answer_id in running_answers_of(undo.chats):
            async_to_sync(hub.stop)(answer_id)
    if not undo.chats or "undo" in request.POST:
        return {}
    return {"done": _words(request, wanted, len(undo.chats)), "undo": _fields(undo)}


def _fields(undo: Wanted) -> Context:
    """As the form reads them."""
    return {
        "act": undo.act,
        "tag": undo.tag,
        "chats": ",".join(map(str, undo.chats)),
        "folders": ",".join(str(folder or "") for folder in undo.folders),
        "has_folders": bool(undo.folders),
    }


def _show(request: UserRequest, done: Context) -> HttpResponse:
    """The list as far as it is open, and the way back."""
    toast = part(request, "#toast", "innerHTML", "_done.html", done) if done.get("done") else None
    return answer(_list(request), toast or partial("#toast", "innerHTML", ""))


def _list(request: UserRequest) -> SafeString:
    context = sidebar(request.user, None, posted_shelf(request))
    return part(request, "#conversation-list", "innerHTML", "_conversation_groups.html", context)


def _refuse(request: UserRequest, words: str, status: int) -> HttpResponse:
    """In a notice; without JavaScript on the page of the list, which is picked from anew."""
    if request.htmx:
        return answer(
            part(request, "#toast", "innerHTML", "_done.html", {"done": words}), status=status
        )
    context = {**sidebar(request.user, None, posted_shelf(request)), "done": words}
    return render(request, "conversation_list.html", context, status=status)


def _words(request: UserRequest, wanted: Wanted, count: int) -> str:
    folder = next(iter(wanted.folders), None)
    told = {"count": count, "tag": wanted.tag, "folder": ""}
    if wanted.act == Act.MOVE and folder:
        told["folder"] = Folder.objects.for_user(request.user).get(pk=folder).name
    return _said(wanted.act, count, is_filed=folder is not None) % told


def _said(act: Act, count: int, *, is_filed: bool) -> str:
    match act:
        case Act.ARCHIVE:
            words = ngettext(
                "%(count)d chat was archived.", "%(count)d chats were archived.", count
            )
        case Act.UNARCHIVE:
            words = ngettext(
                "%(count)d chat is back in the list.",
                "%(count)d chats are back in the list.",
                count,
            )
        case Act.DELETE:
            words = ngettext("%(count)d chat was deleted.", "%(count)d chats were deleted.", count)
        case Act.MOVE if is_filed:
            words = ngettext(
                "%(count)d chat was moved to “%(folder)s”.",
                "%(count)d chats were moved to “%(folder)s”.",
                count,
            )
        case Act.MOVE:
            words = ngettext(
                "%(count)d chat was taken out of its folder.",
                "%(count)d chats were taken out of their folders.",
                count,
            )
        case Act.TAG:
            words = ngettext(
                "%(count)d chat has the tag “%(tag)s” now.",
                "%(count)d chats have the tag “%(tag)s” now.",
                count,
            )
        case _:
            # What is done shows where it was done.
            words = ""
    return words
