"""The path of messages -> the `messages` list of the next request, and why each is in it or not.

The service remembers nothing: each turn it is sent the conversation again. What it gets is the
system prompt, if there is one, then questions and answers in order, exactly as the page shows
them. What is left out is what the user left out, what does not belong to the last turns or fits
into the tokens that the user set, and what would not fit into the model's context window: the
oldest first, and nothing that is pinned. A digest may stand for what was left out. Pure: no
database, no network, no clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from conversations.counting import MOST, TOKENS_PER_MESSAGE, corrected, text_tokens
from providers.messages import Message, Role

# The share of the window that is left for the answer.
ANSWER_SHARE = 4
# Told to the model, before the text of a digest.
DIGEST_HEADING = "A summary of the earlier part of this conversation, which is not repeated below:"


class Mark(StrEnum):
    """What a user decided about one message. The values are stored."""

    NONE = ""
    PINNED = "pinned"
    EXCLUDED = "excluded"


class Keep(StrEnum):
    """What of a conversation is sent. The values are stored."""

    ALL = "all"
    TURNS = "turns"
    TOKENS = "tokens"
    SUMMARY = "summary"


# How much of each can be kept: the least and the most of what it is counted in.
AMOUNTS = {
    Keep.TURNS: (1, 1000),
    Keep.TOKENS: (100, 10_000_000),
    Keep.SUMMARY: (100, 10_000_000),
}


class Fate(StrEnum):
    """What becomes of a message. One without a word says nothing, and some services refuse it."""

    SENT = "sent"
    PINNED = "pinned"
    TRIMMED = "trimmed"
    SUMMARISED = "summarised"
    EXCLUDED = "excluded"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the path. `id` is None for what is not stored."""

    role: Role
    text: str
    id: UUID | None = None
    mark: Mark = Mark.NONE
    is_digest: bool = False


@dataclass(frozen=True, slots=True)
class Digest:
    """What stands for every message up to `until`, but for those that are pinned."""

    text: str
    until: UUID


@dataclass(frozen=True, slots=True)
class Policy:
    """`amount` is in what `keep` says; `window` is the model's, in tokens, None where unknown.

    `factor` corrects what is guessed: see `counting`.
    """

    keep: Keep = Keep.ALL
    amount: int = 0
    window: int | None = None
    factor: float = 1.0

    @property
    def turns(self) -> int | None:
        """How many may come before the last message; None for all."""
        return self.amount if self.keep == Keep.TURNS else None

    @property
    def budget(self) -> int | None:
        """Tokens, for all that is sent; None for as many as there are."""
        room = self.window and self.window - self.window // ANSWER_SHARE
        own = self.amount if self.keep in (Keep.TOKENS, Keep.SUMMARY) else None
        return min((most for most in (room, own) if most), default=None)

    def may_trim_by_tokens(self, system_prompt: str, path: Sequence[Line]) -> bool:
        """False only if no correction could make it too much; cheaper than to count."""
        if self.budget is None:
            return False
        texts = [system_prompt, *(line.text for line in path)]
        # A character has four bytes at the most, which are a token.
        guessed = sum(map(len, texts)) + TOKENS_PER_MESSAGE * len(texts)
        return guessed * MOST + len(texts) > self.budget


@dataclass(frozen=True, slots=True)
class Piece:
    """A message, and what becomes of it."""

    line: Line
    fate: Fate
    factor: float = 1.0

    @property
    def is_sent(self) -> bool:
        return self.fate in (Fate.SENT, Fate.PINNED)

    @property
    def tokens(self) -> int:
        return _tokens(self.line, self.factor)


@dataclass(frozen=True, slots=True)
class Transcript:
    """All of the path, oldest first, with the system prompt before it."""

    pieces: tuple[Piece, ...]

    @property
    def messages(self) -> tuple[Message, ...]:
        """The list to send. What comes before the chat is one message: many services take no
        system message but the first."""
        lines = [piece.line for piece in self.pieces if piece.is_sent]
        system = "\n\n".join(line.text for line in lines if line.role == "system")
        head = (Message("system", system),) if system else ()
        return (*head, *(Message(line.role, line.text) for line in lines if line.role != "system"))

    @property
    def tokens(self) -> int:
        """An estimate, of what is sent."""
        return sum(piece.tokens for piece in self.pieces if piece.is_sent)


def assemble(
    system_prompt: str,
    path: Sequence[Line],
    policy: Policy | None = None,
    digest: Digest | None = None,
) -> Transcript:
    """The last line of the path is always sent, and so are the system prompt and the digest."""
    policy = policy or Policy()
    head = [Line("system", system_prompt)] if system_prompt else []
    own = [*map(_own_fate, path[:-1]), *([Fate.SENT] if path else [])]
    if digest and (reach := reach_of(digest, path)):
        head.append(Line("system", f"{DIGEST_HEADING}\n\n{digest.text}", is_digest=True))
        own[:reach] = [_told(fate) for fate in own[:reach]]
    spent = sum(_tokens(line, policy.factor) for line in head) if policy.budget else 0
    fates = _trimmed(path, own, policy, spent)
    told = zip([*head, *path], [*(Fate.SENT for _ in head), *fates], strict=True)
    return Transcript(tuple(Piece(line, fate, policy.factor) for line, fate in told))


def reach_of(digest: Digest | None, path: Sequence[Line]) -> int:
    """How many of the path it stands for; never the last one."""
    ids = [line.id for line in path[:-1]]
    return ids.index(digest.until) + 1 if digest and digest.until in ids else 0


def _told(fate: Fate) -> Fate:
    return Fate.SUMMARISED if fate == Fate.SENT else fate


def _own_fate(line: Line) -> Fate:
    if not line.text:
        return Fate.EMPTY
    if line.mark == Mark.EXCLUDED:
        return Fate.EXCLUDED
    return Fate.PINNED if line.mark == Mark.PINNED else Fate.SENT


def _trimmed(path: Sequence[Line], own: list[Fate], policy: Policy, spent: int) -> list[Fate]:
    """With what is older than the newest run that may be sent, and begins with a question."""
    start, last = _start(path, own, policy, spent), len(path) - 1
    begins = (Fate.SENT, Fate.PINNED)
    if start:
        while start < last and not (own[start] in begins and path[start].role == "user"):
            start += 1
    return [
        Fate.TRIMMED if place < start and fate == Fate.SENT else fate
        for place, fate in enumerate(own)
    ]


def _start(path: Sequence[Line], own: list[Fate], policy: Policy, spent: int) -> int:
    """Where the longest run begins that belongs to the last turns and fits; 0 for all."""
    last, budget, turns = len(path) - 1, policy.budget, 0
    if budget is not None:
        kept = (place for place, fate in enumerate(own) if fate == Fate.PINNED or place == last)
        spent += sum(_tokens(path[place], policy.factor) for place in kept)
    for place in range(last - 1, -1, -1):
        if turns == policy.turns:
            return place + 1
        if budget is not None and own[place] == Fate.SENT:
            spent += _tokens(path[place], policy.factor)
            if spent > budget:
                return place + 1
        turns += path[place].role == "user"
    return 0


def _tokens(line: Line, factor: float) -> int:
    return corrected(text_tokens(line.text), factor)
