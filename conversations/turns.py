"""A message as the templates show it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from conversations.compared import compared_below, is_compared, that_goes_on
from conversations.models import Generation, Message, Share, SharedMessage
from conversations.models.generation import State
from conversations.models.message import Role
from conversations.money import money
from conversations.notices import tried_texts
from conversations.pictures import ShownPicture, shown_pictures
from conversations.rendering.markdown import VERSION, render
from conversations.summary_card import SummaryCard, card_of
from conversations.versions import Versions, versions_of
from providers.errors import ErrorKind, WrongBase
from providers.labels import without_hint
from providers.models.call import Basis
from providers.words import Words, words


@dataclass(frozen=True, slots=True)
class Turn:
    """One message as the page shows it."""

    id: str
    dom_id: str
    role: str
    text: str
    done_html: SafeString
    state: str
    model_name: str
    reasoning: str
    created_at: datetime
    run: str = ""
    began_at: datetime | None = None
    thought_s: int | None = None
    error: Words | None = None
    error_detail: str = ""
    tokens: int | None = None
    cost: str = ""
    are_tokens_estimated: bool = False
    is_cost_estimated: bool = False
    seconds: float | None = None
    speed: float | None = None
    route: str = ""
    tried: Sequence[str] = ()
    # With the ends of keys, by which staff tells them apart.
    staff_route: str = ""
    staff_tried: Sequence[str] = ()
    pictures: Sequence[ShownPicture] = ()
    versions: Versions | None = None
    summary: SummaryCard | None = None
    address: str = ""
    stop_url: str = ""
    retry_url: str = ""
    continue_url: str = ""
    is_cut: bool = False
    is_too_long: bool = False
    text_url: str = ""
    model_id: str = ""
    # Of a question whose answers are compared: these, and the model whose answer goes on where
    # nobody chooses.
    compared: Sequence["Turn"] = ()
    goes_on: str = ""
    # Of each of them: it is one, and what stops all.
    is_compared: bool = False
    stop_all_url: str = ""

    @property
    def is_busy(self) -> bool:
        return self.state == State.RUNNING or any(each.is_busy for each in self.compared)

    @property
    def age_s(self) -> int:
        """For how long it has been written: the page counts on from there."""
        began_at = self.began_at or timezone.now()
        return int((timezone.now() - began_at).total_seconds())

    @property
    def thought_minutes(self) -> tuple[int, int]:
        """Minutes, and the seconds that are left."""
        return divmod(self.thought_s or 0, 60)

    @property
    def fork_key(self) -> UUID:
        """Of the button as it is shown now: pressed twice, it makes one fork."""
        return uuid4()

    @property
    def is_empty(self) -> bool:
        return not self.text and not self.pictures

    @property
    def can_retry(self) -> bool:
        return bool(self.retry_url) and not self.is_busy

    @property
    def can_continue(self) -> bool:
        return bool(self.continue_url) and bool(self.text.strip())


def question_turn(message: Message, compared: Sequence[Message] = ()) -> Turn:
    address = reverse("conversations:message", args=[message.pk])
    return Turn(
        id=str(message.pk),
        dom_id=message.dom_id,
        role=message.role,
        text=message.content,
        done_html=SafeString(),
        state="",
        model_name="",
        reasoning="",
        created_at=message.created_at,
        address=address,
        text_url=f"{address}text/",
        compared=[compared_turn(answer) for answer in compared],
        goes_on=that_goes_on(compared).model_name if compared else "",
        stop_url=f"{address}all/stop/" if compared else "",
    )


def pending_turn() -> Turn:
    """The empty question that the page clones, so that there is one markup for it."""
    return Turn("", "", Role.USER, "", SafeString(), "", "", "", timezone.now())


def answer_turn(message: Message, generation: Generation) -> Turn:
    address = reverse("conversations:message", args=[message.pk])
    return Turn(
        id=str(message.pk),
        dom_id=message.dom_id,
        role=message.role,
        text=message.content,
        done_html=shown_html(message),
        state=generation.state,
        model_name=message.model_name,
        reasoning=message.reasoning,
        created_at=message.created_at,
        run=generation.stamp,
        # Moved on by the pause when an answer is continued.
        began_at=generation.started_at,
        thought_s=_thought_s(message, generation),
        error=_failure(generation),
        # The service's own words, as it said them; but some are ours.
        error_detail=gettext(generation.error_detail),
        tokens=generation.completion_tokens,
        cost=money(generation.cost, generation.currency),
        are_tokens_estimated=generation.tokens_basis == Basis.ESTIMATED,
        is_cost_estimated=generation.cost_basis == Basis.ESTIMATED,
        seconds=generation.seconds,
        speed=generation.tokens_per_second,
        route=without_hint(generation.route),
        staff_route=generation.route,
        tried=tried_texts(generation.tried),
        staff_tried=tried_texts(generation.tried, label=str),
        # They are shown with the end: who asks sooner is spared the query.
        pictures=()
        if generation.state == State.RUNNING
        else shown_pictures(message.pictures.all(), f"{address}images/"),
        address=address,
        stop_url=f"{address}stop/",
        retry_url=f"{address}retry/",
        continue_url=f"{address}continue/" if generation.is_unfinished else "",
        is_cut=generation.is_cut,
        is_too_long=generation.error_kind == ErrorKind.CONTEXT_TOO_LONG,
        model_id=str(message.model_id or ""),
        text_url=f"{address}text/",
    )


def compared_turn(answer: Message) -> Turn:
    """As it stands side by side with others."""
    question = reverse("conversations:message", args=[answer.parent_id])
    turn = answer_turn(answer, answer.generation)
    return replace(turn, is_compared=True, stop_all_url=f"{question}all/stop/")


def shared_turn(share: Share, message: SharedMessage) -> Turn:
    """Of a copy: nothing can be done with it but read it."""
    is_answer = message.role == Role.ASSISTANT
    address = f"{share.get_absolute_url()}images/{message.number}/"
    return Turn(
        id="",
        dom_id=f"m-{message.number}",
        role=message.role,
        text=message.content,
        done_html=shown_html(message) if is_answer else SafeString(),
        state=State.COMPLETE if is_answer else "",
        model_name=message.model_name,
        reasoning="",
        created_at=share.taken_at,
        pictures=shown_pictures(message.pictures.all(), address),
    )


def turns_of(messages: Collection[Message], leaf_id: UUID | None = None) -> list[Turn]:
    """Each with its place among its versions, all in one query; and with its summary, if that was
    read with it. With the end of the branch in view, where that is a question, the answers that are
    compared below it, in two more."""
    versions = versions_of(messages)
    return [
        replace(_turn(each, leaf_id), versions=versions.get(each.pk), summary=card_of(each))
        for each in messages
    ]


def _turn(message: Message, leaf_id: UUID | None) -> Turn:
    if message.role == Role.USER:
        is_last = message.pk == leaf_id
        return question_turn(message, compared_below(leaf_id) if is_last else ())
    if is_compared(message, leaf_id):
        return compared_turn(message)
    return answer_turn(message, message.generation)


def _failure(generation: Generation) -> Words | None:
    if not generation.error_kind:
        return None
    stored = generation.wrong_base
    told = words(ErrorKind(generation.error_kind), WrongBase.of(stored))
    return replace(told, hint_for_others="") if stored.get("is_own") else told


def _thought_s(message: Message, generation: Generation) -> int | None:
    """For how long it was thought about; None where nothing was, or nobody knows."""
    only_thoughts = message.reasoning and not message.content
    until = generation.thought_until or (generation.ended_at if only_thoughts else None)
    if not until:
        return None
    return max(1, round((until - generation.started_at).total_seconds()))


def shown_html(message: Message | SharedMessage) -> SafeString:
    """The stored HTML while it is of this renderer's making; else the text, rendered now."""
    if message.html and message.html_version == VERSION:
        # Made by this renderer and sanitised by it; nothing else writes the column.
        return SafeString(message.html)
    return render(message.content)
