"""The temporary chat: its page, its turns, and the way to keep it after all."""

from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conversations.generation import draining
from conversations.generation.run import Run
from conversations.limits import NotNow, has_room_for_socket
from conversations.models import Conversation
from conversations.starting import preset_for
from conversations.temporary.asking import Asked, claim
from conversations.temporary.forms import KeepForm, TurnForm
from conversations.temporary.keeping import Kept, keep
from conversations.temporary.page import sent, temporary_page
from conversations.temporary.streaming import lines
from conversations.views.fragments import answer, partial
from conversations.views.requests import UserRequest, signed_in, wait_for
from providers.models import Model

CROWDED_S = 5


@require_safe
@signed_in
def page(request: UserRequest) -> HttpResponse:
    preset = None
    if "preset" in request.GET:
        preset = preset_for(request.user, _uuid(request.GET["preset"]))
    context = temporary_page(request.user, request.GET.get("model", ""), preset)
    return render(request, "temporary.html", context)


@require_POST
@signed_in
@draining.asking()
def turn(request: UserRequest) -> HttpResponseBase:
    """The answer is written for as long as somebody reads this response, and not in the thread
    that makes it."""
    if not request.htmx:
        return redirect("conversations:temporary")
    form = TurnForm(request.user, request.POST)
    if not form.is_valid():
        return _refused(form.first_error(), 422)
    try:
        asked = _asked(form)
        run = _claimed(request, asked)
    except NotNow as refusal:
        return wait_for(refusal, _refused(str(refusal), refusal.status))
    replaces = form.cleaned_data["replaces"]
    begun = sent(asked.question, run, request.POST.get("parameters", ""), replaces)
    return _carried(request, begun, run)


@require_POST
@signed_in
def keep_it(request: UserRequest) -> HttpResponse:
    form = KeepForm(request.POST)
    if not form.is_valid():
        return _refused(str(next(iter(form.errors.values()))[0]), 422)
    try:
        kept = keep(request.user, _kept(request, form))
    except NotNow as refusal:
        return wait_for(refusal, _refused(str(refusal), refusal.status))
    return _led_to(request, kept)


def _asked(form: TurnForm) -> Asked:
    question = form.question()
    return Asked(
        question.text,
        question.model,
        question.send_id,
        form.cleaned_data["messages"],
        question.system_prompt,
        question.parameters,
    )


def _claimed(request: UserRequest, asked: Asked) -> Run:
    if not has_room_for_socket(request.user.pk):
        words = _("Many pages of yours are open. Close some, then try again.")
        raise NotNow(words, 429, CROWDED_S)
    return claim(request.user.pk, asked)


def _carried(request: UserRequest, begun: str, run: Run) -> StreamingHttpResponse:
    language = translation.get_language() or "en"
    told = lines(begun, run, request.user, request.session, language)
    response = StreamingHttpResponse(told, content_type="application/x-ndjson")
    response["Cache-Control"] = "no-store"
    # Gathered or compressed, by Django or a proxy, a word would wait for the next ones.
    response["Content-Encoding"] = "identity"
    response["X-Accel-Buffering"] = "no"
    return response


def _kept(request: UserRequest, form: KeepForm) -> Kept:
    told = form.cleaned_data
    offered, picked = Model.objects.for_user(request.user), _uuid(told["model"])
    return Kept(
        told["id"],
        told["messages"],
        offered.filter(pk=picked).first() if picked else None,
        told["system_prompt"],
        told["parameters"],
    )


def _led_to(request: UserRequest, conversation: Conversation) -> HttpResponse:
    address = conversation.get_absolute_url()
    if not request.htmx:
        return redirect(address)
    return HttpResponse(headers={"HX-Redirect": address})


def _refused(words: str, status: int) -> HttpResponse:
    return answer(partial("#composer-error", "innerHTML", words), status=status)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
