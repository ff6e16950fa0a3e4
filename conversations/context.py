"""What the next request of a conversation is: the same for the run that sends it and for the page
that shows it beforehand."""

from collections.abc import Sequence
from dataclasses import replace

from conversations.counting import Count, correction
from conversations.digests import digest_of
from conversations.models import Conversation, Generation
from conversations.transcript import Keep, Line, Policy, Transcript, assemble
from providers.messages import ChatRequest
from providers.models import Model
from providers.quirks import known_of

# Answers, the last ones, whose counts correct what is guessed.
COUNTED = 4


def request_of(conversation: Conversation, lines: Sequence[Line], model: Model) -> ChatRequest:
    """What is sent when `lines` are the path to the question."""
    return request_with(conversation, transcript_of(conversation, lines, model), model)


def request_with(conversation: Conversation, transcript: Transcript, model: Model) -> ChatRequest:
    parameters, known = conversation.parameters, known_of(model)
    return ChatRequest(model.model_id, transcript.messages, parameters, known)


def transcript_of(
    conversation: Conversation, lines: Sequence[Line], model: Model | None, *, counts: bool = False
) -> Transcript:
    """With `counts` its tokens are corrected; else only where that decides what is sent, which
    spares a send the query."""
    policy = policy_for(conversation, lines, model, counts=counts)
    return assemble(conversation.system_prompt, lines, policy, digest_of(conversation, lines))


def policy_for(
    conversation: Conversation, lines: Sequence[Line], model: Model | None, *, counts: bool = False
) -> Policy:
    """Corrected as `transcript_of` says."""
    policy = policy_of(conversation, model)
    if model and (counts or policy.may_trim_by_tokens(conversation.system_prompt, lines)):
        return replace(policy, factor=correction(_counts(lines, model)))
    return policy


def policy_of(conversation: Conversation, model: Model | None) -> Policy:
    window = model.context_window if model else None
    return Policy(Keep(conversation.keep), conversation.keep_amount or 0, window)


def _counts(lines: Sequence[Line], model: Model) -> list[Count]:
    """Of the last answers of this model, as far as its service counts."""
    answers = [line.id for line in lines if line.role == "assistant" and line.id][-COUNTED:]
    found = Generation.objects.filter(message__in=answers, message__model=model)
    figures = found.exclude(sent_tokens=None).values_list("guessed_tokens", "sent_tokens")
    return [Count(guessed or 0, counted or 0) for guessed, counted in figures]
