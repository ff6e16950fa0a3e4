"""What an adaptation means for whoever set something: in a sentence, and beside the parameter."""

from collections.abc import Collection

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from providers.adaptation import Adaptation

WORDS: dict[Adaptation, Promise] = {
    Adaptation.NO_STREAM_OPTIONS: gettext_lazy("Token counts are not asked for."),
    Adaptation.MAX_COMPLETION_TOKENS: gettext_lazy(
        "The longest answer is sent as max_completion_tokens."
    ),
    Adaptation.MAX_TOKENS: gettext_lazy("The longest answer is sent as max_tokens."),
    Adaptation.NO_TEMPERATURE: gettext_lazy("The temperature is not sent."),
    Adaptation.NO_TOP_P: gettext_lazy("Top P is not sent."),
    Adaptation.NO_PRESENCE_PENALTY: gettext_lazy("The presence penalty is not sent."),
    Adaptation.NO_FREQUENCY_PENALTY: gettext_lazy("The frequency penalty is not sent."),
    Adaptation.RANDOM_SEED: gettext_lazy("The seed is sent as random_seed."),
    Adaptation.NO_SEED: gettext_lazy("The seed is not sent."),
    Adaptation.NO_STOP: gettext_lazy("The texts to stop at are not sent."),
    Adaptation.NO_REASONING_EFFORT: gettext_lazy("The reasoning effort is not sent."),
    Adaptation.JSON_OBJECT: gettext_lazy("JSON is asked for without its schema."),
    Adaptation.NO_JSON_OBJECT: gettext_lazy("JSON is asked for only with a schema."),
    Adaptation.NO_RESPONSE_FORMAT: gettext_lazy("No format of the answer is asked for."),
    Adaptation.DEVELOPER_ROLE: gettext_lazy("The system prompt is sent as the developer's."),
    Adaptation.SYSTEM_ROLE: gettext_lazy("The system prompt is sent as the system's."),
    Adaptation.MERGED_SYSTEM: gettext_lazy("The system prompt is sent with the first question."),
    Adaptation.ALTERNATING_ROLES: gettext_lazy("Messages of one side in a row are joined."),
}
# Each with the names that the form has for what it changes.
_WITHHELD = {
    Adaptation.NO_TEMPERATURE: ("temperature",),
    Adaptation.NO_TOP_P: ("top_p",),
    Adaptation.NO_PRESENCE_PENALTY: ("presence_penalty",),
    Adaptation.NO_FREQUENCY_PENALTY: ("frequency_penalty",),
    Adaptation.NO_SEED: ("seed",),
    Adaptation.NO_STOP: ("stop",),
    Adaptation.NO_REASONING_EFFORT: ("reasoning_effort",),
    Adaptation.NO_RESPONSE_FORMAT: ("response_format", "schema"),
}
_SIMPLIFIED = {Adaptation.JSON_OBJECT: "schema", Adaptation.NO_JSON_OBJECT: "response_format"}


def sentences(known: Collection[Adaptation]) -> list[str]:
    """In the order of the adaptations."""
    return [str(words) for adaptation, words in WORDS.items() if adaptation in known]


def withheld(known: Collection[Adaptation], model: str) -> dict[str, str]:
    """Of each field of the form that this model is not sent as it is set: what to say beside it."""
    told = _("Not sent to %(model)s, whose service refuses it.") % {"model": model}
    names = (name for adaptation in known for name in _WITHHELD.get(adaptation, ()))
    simplified = {_SIMPLIFIED[each]: str(WORDS[each]) for each in _SIMPLIFIED if each in known}
    return {**simplified, **dict.fromkeys(names, told)}
