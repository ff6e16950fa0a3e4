"""What will be sent, as a page shows it before it is."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conversations.branch import said_so_far
from conversations.context import request_with, transcript_of
from conversations.models import Conversation
from conversations.recipes import Request, request_to
from conversations.transcript import Fate, Keep, Line, Mark, Piece, Transcript
from providers.models import Model

# Of a message, as much as tells it from others.
EXCERPT = 160
ROWS = 100

ROLES = {"system": _("System prompt"), "user": _("You"), "assistant": _("Assistant")}
DIGEST, WITH_PROMPT = _("Summary"), _("Sent with the system prompt")
FATES = {
    Fate.SENT: _("Sent"),
    Fate.PINNED: _("Pinned, always sent"),
    Fate.TRIMMED: _("Trimmed, not sent"),
    Fate.SUMMARISED: _("Not sent itself, the summary tells of it"),
    Fate.EXCLUDED: _("Excluded, not sent"),
    Fate.EMPTY: _("Empty, not sent"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One message of the list. `mark_url` is '' where nothing can be decided about it."""

    role: Promise
    excerpt: str
    fate: Fate
    said: Promise
    tokens: int
    id: str = ""
    url: str = ""
    mark_url: str = ""

    @property
    def is_sent(self) -> bool:
        return self.fate in (Fate.SENT, Fate.PINNED)

    @property
    def next_marks(self) -> list[tuple[str, Promise]]:
        """What can be done to it: the mark that it gets, and the word for that."""
        pin = (Mark.PINNED.value, pgettext_lazy("a message", "Pin"))
        exclude = (Mark.EXCLUDED.value, _("Exclude"))
        if self.fate == Fate.PINNED:
            return [(Mark.NONE.value, pgettext_lazy("a message", "Unpin")), exclude]
        if self.fate == Fate.EXCLUDED:
            return [(Mark.NONE.value, _("Include"))]
        return [pin, exclude]


@dataclass(frozen=True, slots=True)
class Preview:
    """`request` is None without a model. Of a long chat `rows` has the last ones, and the summary.
    `unsummarised` are those that are trimmed though a summary should tell of them."""

    transcript: Transcript
    model: Model | None
    request: Request | None
    rows: list[Row]
    has_draft: bool
    unsummarised: int = 0

    @property
    def tokens(self) -> int:
        return self.transcript.tokens

    @property
    def sent(self) -> int:
        return sum(piece.is_sent for piece in self.transcript.pieces)

    @property
    def hidden(self) -> int:
        return len(self.transcript.pieces) - len(self.rows)


def preview_of(
    conversation: Conversation,
    model: Model | None,
    draft: str,
    placeholder: str,
    *,
    is_whole: bool = False,
) -> Preview:
    """With what is in the composer as the question, or words in its place."""
    question = Line("user", draft if draft.strip() else placeholder)
    before, _compared = said_so_far(conversation)
    lines = [*before, question]
    transcript = transcript_of(conversation, lines, model, counts=True)
    request = request_with(conversation, transcript, model) if model else None
    pieces = transcript.pieces
    shown = pieces if is_whole else (*filter(_is_digest, pieces[:-ROWS]), *pieces[-ROWS:])
    trimmed = sum(piece.fate == Fate.TRIMMED for piece in pieces)
    return Preview(
        transcript=transcript,
        model=model,
        request=request_to(model, request) if model and request else None,
        rows=list(map(_row, shown)),
        has_draft=bool(draft.strip()),
        unsummarised=trimmed if conversation.keep == Keep.SUMMARY else 0,
    )


def _is_digest(piece: Piece) -> bool:
    return piece.line.is_digest


def _row(piece: Piece) -> Row:
    line = piece.line
    excerpt = " ".join(line.text[: 2 * EXCERPT].split())
    is_cut = len(line.text) > 2 * EXCERPT or len(excerpt) > EXCERPT
    pk = [line.id] if line.id else []
    return Row(
        role=DIGEST if line.is_digest else ROLES[line.role],
        excerpt=f"{excerpt[:EXCERPT]}…" if is_cut else excerpt,
        fate=piece.fate,
        said=WITH_PROMPT if line.is_digest else FATES[piece.fate],
        tokens=piece.tokens,
        id=str(line.id or ""),
        url=reverse("conversations:message", args=pk) if pk else "",
        mark_url=reverse("conversations:mark", args=pk) if pk and line.text else "",
    )
