"""What a file holds, whoever made it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from conversations.transcript import Keep, Mark


class Reason(StrEnum):
    """Why something could not be taken."""

    TOOL = "tool"
    ROLE = "role"
    ATTACHMENT = "attachment"
    DUPLICATE = "duplicate"
    LOST_PARENT = "lost_parent"
    CYCLE = "cycle"
    BAD_PARAMETERS = "bad_parameters"
    EMPTY = "empty"
    UNKNOWN = "unknown"
    NOT_JSON = "not_json"
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    TOO_MANY = "too_many"
    TEXT_CUT = "text_cut"
    TRUNCATED = "truncated"
    NOT_STORED = "not_stored"


class Fault(StrEnum):
    """Why a whole file, or the rest of one, could not be read."""

    NOT_JSON = "not_json"
    NOTHING = "nothing"
    ENCODING = "encoding"
    NEWER = "newer"
    ZIP_BROKEN = "zip_broken"
    ZIP_LOCKED = "zip_locked"
    ZIP_METHOD = "zip_method"
    ZIP_BOMB = "zip_bomb"
    ZIP_EMPTY = "zip_empty"
    GONE = "gone"
    DISK = "disk"
    BROKEN = "broken"


class UnreadableError(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Note:
    """One line about what was left out: in which entry of the file (from 1; 0 is the file itself),
    called what, why, and how many times."""

    number: int
    title: str
    reason: Reason
    count: int = 1


@dataclass(frozen=True, slots=True)
class Policy:
    """What of a conversation is sent, as `conversations.transcript` has it."""

    keep: Keep = Keep.ALL
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class SourceSummary:
    """What stands for all messages up to one of them."""

    text: str
    is_edited: bool = False
    model_name: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """Its bytes as a data: address, or where it lies, or a refusal as `providers.pictures` has
    them."""

    url: str = ""
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """How an answer ended and what it took; all of it as `Generation` has it."""

    state: str = "complete"
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceMessage:
    """`parent` is the id of another one, '' for the first. A hidden one is passed over in silence:
    it is none to its service either."""

    id: str
    parent: str
    role: str
    text: str
    created_at: datetime | None = None
    reasoning: str = ""
    model_name: str = ""
    ended: Ended = Ended()
    images: tuple[Image, ...] = ()
    mark: Mark = Mark.NONE
    summary: SourceSummary | None = None
    is_hidden: bool = False
    attachments: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """One conversation. `key` is the same whenever the same conversation comes again; `leaf` is the
    end of the branch that was shown, '' where that is not known."""

    key: str
    title: str
    messages: tuple[SourceMessage, ...]
    leaf: str = ""
    system_prompt: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    policy: Policy = Policy()
    created_at: datetime | None = None
    updated_at: datetime | None = None
    left_out: Mapping[Reason, int] = field(default_factory=dict)
