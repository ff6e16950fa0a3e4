"""Making the summary of what fell out of a conversation's context.

First a plan is made, which locks nothing. To claim it is one conditional update: where anything
about the summaries has changed since, by whichever process, the plan is void. The text is stored
only by who holds the claim, and only if the summary that it was built upon still stands.
"""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from django.db import Error, transaction
from django.utils import timezone

from conversations.aside import rolling
from conversations.aside.asking import Question, ask, question_to
from conversations.branch import said_so_far
from conversations.compared import running_in_view
from conversations.context import policy_for
from conversations.digests import digest_of, tell_changed
from conversations.generation import draining, store
from conversations.limits import NotNow, check_sending
from conversations.locks import lock_chats
from conversations.models import Conversation, Summary
from conversations.models.summary import LEASE, LONGEST, Cause, SummaryQuerySet, SummaryState
from conversations.steering import gauge_anew
from conversations.transcript import Digest, Keep, Line
from providers.errors import UpstreamError
from providers.models import Model
from providers.text import clean

logger = logging.getLogger(__name__)

# One after the other, where very much has fallen out at once; the rest after the next answer.
MOST_AT_ONCE = 12
RENEW_S = 10.0
# Of the tokens, for a model that does not keep to its words.
SUMMARY_SHARE = 4


@dataclass(frozen=True, slots=True)
class Plan:
    """`built_on` is the summary before; `stamp`, when any of the conversation's changed last.
    `most_tokens` is what its text may take, `question` None where no model can be asked."""

    conversation_id: UUID
    owner_id: int
    until: UUID
    built_on: Digest | None
    stamp: datetime | None
    most_tokens: int
    question: Question | None
    claim: UUID = field(default_factory=uuid4)


async def keep_up(conversation_id: UUID) -> None:
    """Until all that does not fit is in a summary, or something is in the way of that."""
    for _ in range(MOST_AT_ONCE):
        if draining.has_begun():
            return
        plan = await store.reading(planned, conversation_id)
        if plan is None:
            await store.writing(forget_asked, conversation_id)
            return
        if not await _claim(plan) or not await _make(plan):
            return
        await store.writing(gauge_anew, conversation_id)


async def _claim(plan: Plan) -> bool:
    try:
        return await store.writing(claim, plan)
    except asyncio.CancelledError:
        # It may be stored all the same, by the one thread that comes to this after it: nobody has
        # to wait until it has run out.
        await store.writing(fail, plan, Cause.INTERRUPTED)
        raise


async def _make(plan: Plan) -> bool:
    """Whether to look for more."""
    if plan.question is None:
        return False
    renewing = asyncio.create_task(_keep_claim(plan))
    try:
        said = await ask(plan.question)
    except UpstreamError as error:
        logger.warning("no summary of conversation %s: %s", plan.conversation_id, error.kind)
        await store.writing(fail, plan, error.kind)
        return False
    except BaseException:
        # Cancelled, mostly: then nobody has to wait until the claim has run out.
        await store.writing(fail, plan, Cause.INTERRUPTED)
        raise
    finally:
        renewing.cancel()
    return await store.writing(keep, plan, said)


async def _keep_claim(plan: Plan) -> None:
    """Until it is cancelled. Whoever cannot renew it may lose it, and then stores nothing."""
    while True:
        await asyncio.sleep(RENEW_S)
        with suppress(Error):
            await store.writing(renew, plan)


def planned(conversation_id: UUID) -> Plan | None:
    """What is to be summarised now; None where all fits, or the chat wants no summary."""
    mine = Conversation.objects.filter(pk=conversation_id, keep=Keep.SUMMARY, deleted_at=None)
    conversation = mine.select_related("owner", "model__provider").first()
    if conversation is None or not conversation.owner.is_active:
        return None
    path = _ended_path(conversation)
    policy = policy_for(conversation, path, conversation.model)
    digest, model = digest_of(conversation, path), _summariser(conversation)
    most = _read_at_once(model)
    lines = rolling.due(conversation.system_prompt, path, policy, digest, most)
    if not lines or lines[-1].id is None:
        return None
    words = rolling.words_for(policy.budget or 0)
    messages = rolling.messages_for(lines, digest.text if digest else "", words, most)
    return Plan(
        conversation.pk,
        conversation.owner_id,
        until=lines[-1].id,
        built_on=digest,
        stamp=conversation.summary_changed_at,
        most_tokens=int((policy.budget or 0) // SUMMARY_SHARE / policy.factor),
        question=question_to(model, conversation, messages) if model else None,
    )


@transaction.atomic
def claim(plan: Plan) -> bool:
    """Of all who try one does; False also where it fails before anything is asked."""
    summaries = Summary.objects.filter(conversation=plan.conversation_id)
    if summaries.being_made().exists():
        return False
    now = timezone.now()
    same = Conversation.objects.filter(pk=plan.conversation_id, summary_changed_at=plan.stamp)
    if not same.update(summary_changed_at=now):
        return False
    summaries.exclude(state=SummaryState.MADE).delete()
    error = _refusal(plan)
    Summary.objects.create(
        message_id=plan.until,
        conversation_id=plan.conversation_id,
        state=SummaryState.FAILED if error else SummaryState.MAKING,
        error=error,
        model_name=str(plan.question.model) if plan.question else "",
        claim=plan.claim,
        lease_until=now + LEASE,
        changed_at=now,
    )
    tell_changed(plan.conversation_id, by_page=False)
    return not error


def renew(plan: Plan) -> None:
    _of(plan).update(lease_until=timezone.now() + LEASE)


@transaction.atomic
def keep(plan: Plan, said: str) -> bool:
    """Store the text in the place of the summary before; whether to look for more. Where that one
    was edited or deleted meanwhile, this one is of no use."""
    _hold(plan.conversation_id)
    mine, base = _of(plan), plan.built_on
    if not mine.exists():
        return False
    if base and not _before(base).filter(text=base.text).exists():
        mine.delete()
    else:
        text = rolling.kept(clean(said), plan.most_tokens)[:LONGEST]
        mine.update(state=SummaryState.MADE, text=text, changed_at=timezone.now())
        if base:
            _before(base).delete()
    tell_changed(plan.conversation_id, by_page=False)
    return True


@transaction.atomic
def fail(plan: Plan, error: str) -> None:
    """To be tried again by the user, or after the next answer."""
    _hold(plan.conversation_id)
    failed = {"state": SummaryState.FAILED, "error": error, "changed_at": timezone.now()}
    if _of(plan).update(**failed):
        tell_changed(plan.conversation_id, by_page=False)


@transaction.atomic
def forget_asked(conversation_id: UUID) -> None:
    """What was to be summarised again fits by now, or nobody wants it any more."""
    _hold(conversation_id)
    asked = Summary.objects.filter(conversation=conversation_id, state=SummaryState.ASKED)
    if asked.delete()[0]:
        tell_changed(conversation_id, by_page=False)


def _ended_path(conversation: Conversation) -> list[Line]:
    """Without the turn whose answer is being written by now, or is not chosen yet."""
    path, compared = said_so_far(conversation)
    return path[:-2] if compared or running_in_view(conversation) else path


def _hold(conversation_id: UUID) -> None:
    """Before its summaries, in whichever order these are changed."""
    lock_chats(Conversation.objects.filter(pk=conversation_id))


def _of(plan: Plan) -> SummaryQuerySet:
    mine = Summary.objects.filter(message=plan.until, claim=plan.claim)
    return mine.filter(state=SummaryState.MAKING)


def _before(base: Digest) -> SummaryQuerySet:
    return Summary.objects.made().filter(message=base.until)


def _refusal(plan: Plan) -> str:
    """Why the model is not asked; '' if it is."""
    if plan.question is None:
        return Cause.MODEL
    try:
        check_sending(plan.owner_id, plan.question.size)
    except NotNow:
        return Cause.LIMIT
    return ""


def _summariser(conversation: Conversation) -> Model | None:
    """The one that was picked for it, else the chat's own; None if that is not offered now."""
    wanted = conversation.summary_model_id or conversation.model_id
    offered = Model.objects.for_user(conversation.owner).select_related("provider")
    return offered.filter(pk=wanted).first() if wanted else None


def _read_at_once(model: Model | None) -> int:
    """In tokens; the rest of the window is for the summary before, and for the one after."""
    window = model.context_window if model else None
    return window // 2 if window else rolling.MOST_TOKENS
