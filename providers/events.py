"""What a service says, as values: the same few events whatever its dialect."""

from dataclasses import dataclass, field

from providers.adaptation import Adaptation
from providers.offer import Capabilities, TokenPrice


@dataclass(frozen=True, slots=True)
class TextDelta:
    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    text: str


@dataclass(frozen=True, slots=True)
class TextWasReasoning:
    """Every `TextDelta` so far belongs to the reasoning; the answer begins after this."""


@dataclass(frozen=True, slots=True)
class ImageDelta:
    """A whole image that belongs to the answer: a data URL of whatever is in it, or the address
    of another host, which would learn who reads the answer. Data from outside, and as long as a
    line of the stream may be: `pictures.picture_of` says what may be shown of it."""

    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ToolCallDelta:
    """A piece of a tool call; pieces with the same `index` belong together."""

    index: int
    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the service counted them; None where it did not say."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    total_tokens: int | None = None
    cached_tokens: int | None = None
    reasoning_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class UsageReported:
    usage: Usage


@dataclass(frozen=True, slots=True)
class Learnt:
    """The service refused the request until this was done to it. To be stored with the model, by
    `with_learnt`, and given as `known` with the next request."""

    adaptation: Adaptation


@dataclass(frozen=True, slots=True)
class Finished:
    """The service's own word for why it ended, or None when it gave none."""

    reason: str | None


Event = (
    TextDelta
    | ReasoningDelta
    | TextWasReasoning
    | ImageDelta
    | ToolCallDelta
    | UsageReported
    | Learnt
    | Finished
)


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model as its service lists it; None where the list does not say. Sizes are tokens."""

    id: str
    name: str = ""
    context_window: int | None = None
    max_output: int | None = None
    capabilities: Capabilities = field(default_factory=Capabilities)
    price: TokenPrice | None = None


@dataclass(frozen=True, slots=True)
class Completion:
    """An answer that came whole; `images` as `ImageDelta` has them."""

    text: str
    reasoning: str
    tool_calls: tuple[ToolCallDelta, ...]
    finish_reason: str | None
    usage: Usage | None
    images: tuple[str, ...] = ()
    learnt: tuple[Adaptation, ...] = ()
