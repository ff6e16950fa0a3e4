"""The form in which a user sets the parameters of a chat: all optional, each with its range."""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from providers.parameters import (
    EFFORTS,
    FORMAT_TYPES,
    MOST_STOP_CHARACTERS,
    MOST_STOPS,
    NAMES,
    RANGES,
    RESERVED,
    BadParameter,
    Parameters,
    ResponseFormat,
    is_storable,
)

MOST_TYPED = 20_000
# Of each: its name, its range in words, and the same range where it is refused.
NUMBER_WORDS = {
    "temperature": (
        _("Temperature"),
        _(
            "0 to 2. How freely it chooses its words: near 0 it takes the likeliest each time, "
            "high is varied, and above 1.5 it often makes no sense."
        ),
        _("Enter a number from 0 to 2."),
    ),
    "top_p": (
        _("Top P"),
        _(
            "0 to 1. Only the likeliest words that make up this share are chosen from: 0.1 is "
            "strict, 1 leaves none out. Change this or the temperature, not both."
        ),
        _("Enter a number from 0 to 1."),
    ),
    "max_tokens": (
        _("Longest answer"),
        _(
            "In tokens, 1 or more; 100 are about 75 English words or 60 to 100 Chinese "
            "characters. What would be longer is cut off, and thinking counts for most services."
        ),
        _("Enter a whole number of tokens, 1 or more."),
    ),
    "presence_penalty": (
        _("Presence penalty"),
        _(
            "-2 to 2. High keeps away from what was mentioned, which leads to new subjects; "
            "0 is off, below 0 stays with them."
        ),
        _("Enter a number from -2 to 2."),
    ),
    "frequency_penalty": (
        _("Frequency penalty"),
        _(
            "-2 to 2. High keeps away from repeating words, the more the oftener they were said; "
            "0 is off, below 0 repeats them."
        ),
        _("Enter a number from -2 to 2."),
    ),
    "seed": (
        _("Seed"),
        _("A whole number. The same one gives similar answers to the same question."),
        _("Enter a whole number."),
    ),
}
EFFORT_WORDS = {
    "none": _("None"),
    "minimal": _("Minimal"),
    "low": _("Low"),
    "medium": _("Medium"),
    "high": _("High"),
    "xhigh": _("Very high"),
    "max": _("Highest"),
}
FORMAT_WORDS = {
    "text": _("Text"),
    "json_object": _("JSON"),
    "json_schema": _("JSON by a schema"),
}
UNSET = _("As the service has it")


def _number(name: str) -> forms.IntegerField:
    """Whatever is wrong with a number, the error says what it may be."""
    label, help_text, error = NUMBER_WORDS[name]
    allowed = RANGES[name]
    kind = forms.IntegerField if allowed.is_whole else forms.FloatField
    return kind(
        label=label,
        help_text=help_text,
        required=False,
        min_value=allowed.least,
        max_value=allowed.most,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), error),
    )


class ObjectField(forms.CharField):
    """A JSON object that is typed; nothing is an empty one. An error says where it is."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})
        super().__init__(required=False, max_length=MOST_TYPED, widget=widget, **kwargs)

    def clean(self, value: Any) -> dict[str, Any]:
        text = super().clean(value)
        return _object(text) if text else {}


class ParameterForm(forms.Form):
    """`parameters` holds what was set, once the form is valid."""

    temperature = _number("temperature")
    top_p = _number("top_p")
    max_tokens = _number("max_tokens")
    presence_penalty = _number("presence_penalty")
    frequency_penalty = _number("frequency_penalty")
    seed = _number("seed")
    stop = forms.CharField(
        label=_("Stop at"),
        help_text=_(
            "Up to 4 texts of up to 200 characters, one per line, or as a JSON list. "
            "The answer ends before one."
        ),
        required=False,
        strip=False,
        max_length=MOST_TYPED,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
    )
    reasoning_effort = forms.ChoiceField(
        label=_("Reasoning effort"),
        help_text=_(
            "How long it thinks before it answers: more takes longer and costs more. "
            "Each service has some of these."
        ),
        required=False,
        choices=[("", UNSET), *((effort, EFFORT_WORDS[effort]) for effort in EFFORTS)],
    )
    response_format = forms.ChoiceField(
        label=_("Format of the answer"),
        help_text=_("JSON is for programs to read. Ask for it in the question as well."),
        required=False,
        choices=[("", UNSET), *((kind, FORMAT_WORDS[kind]) for kind in FORMAT_TYPES)],
    )
    schema = ObjectField(
        label=_("Schema"), help_text=_("A JSON Schema, for the format of that name.")
    )
    extra = ObjectField(
        label=_("Other parameters"),
        help_text=_(
            "A JSON object. It is sent as it is, to services that have more to set, such as top_k "
            "(a whole number, 1 or more: it chooses among so many of the likeliest words), min_p "
            "(0 to 1: leaves out words that are less likely than this share of the likeliest) and "
            "repetition_penalty (above 0: 1 is off, higher repeats less)."
        ),
    )

    @classmethod
    def showing(cls, parameters: Parameters, **kwargs: Any) -> "ParameterForm":
        """Not bound; filled with what is set."""
        return cls(initial=shown(parameters), **kwargs)

    def tell(self, notes: Mapping[str, str]) -> None:
        """What to say beside fields, by their names, besides what helps with each."""
        for name, note in notes.items():
            field = self.fields[name]
            field.help_text = f"{note} {field.help_text}".strip()

    @property
    def parameters(self) -> Parameters:
        given = self.cleaned_data
        return Parameters(
            **{name: given[name] for name in RANGES},
            stop=given["stop"],
            reasoning_effort=given["reasoning_effort"] or None,
            response_format=given["response_format"],
            extra=given["extra"],
        )

    def clean_stop(self) -> tuple[str, ...]:
        stops = _stops(self.cleaned_data["stop"])
        if len(stops) > MOST_STOPS:
            words = gettext("Enter %(most)s texts at most.")
            raise forms.ValidationError(words % {"most": MOST_STOPS})
        if any(len(stop) > MOST_STOP_CHARACTERS for stop in stops):
            words = gettext("Each text may have %(most)s characters at most.")
            raise forms.ValidationError(words % {"most": MOST_STOP_CHARACTERS})
        return stops if is_storable(stops) else _refuse_characters()

    def clean_extra(self) -> dict[str, Any]:
        extra: dict[str, Any] = self.cleaned_data["extra"]
        if reserved := sorted(extra.keys() & RESERVED):
            words = gettext("Leave out %(names)s: the site sends it itself.")
            raise forms.ValidationError(words % {"names": ", ".join(reserved)})
        if doubled := sorted(extra.keys() & NAMES):
            words = gettext("Leave out %(names)s: there is a field for it above.")
            raise forms.ValidationError(words % {"names": ", ".join(doubled)})
        return extra

    def clean(self) -> dict[str, Any]:
        """The format with its schema is one value."""
        given = super().clean() or self.cleaned_data
        wanted = given.get("response_format") or None
        schema = given.pop("schema", None)
        if wanted == "json_schema":
            # A schema that is no JSON has its error already.
            wanted = None if schema is None else self._format_of(schema)
        elif wanted:
            wanted = ResponseFormat(wanted)
        elif schema:
            self.add_error("response_format", gettext("Pick the format that has a schema."))
        return {**given, "response_format": wanted}

    def _format_of(self, schema: dict[str, Any]) -> ResponseFormat | None:
        try:
            return ResponseFormat.of_schema(schema)
        except BadParameter:
            self.add_error("schema", gettext("Enter the schema as a JSON object."))
            return None


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        words = gettext("This is not JSON: look at line %(line)s, character %(column)s.")
        place = {"line": error.lineno, "column": error.colno}
        raise forms.ValidationError(words % place) from None
    except (ValueError, RecursionError):
        raise forms.ValidationError(gettext("This JSON is too deep or too large.")) from None
    if not isinstance(value, dict):
        raise forms.ValidationError(gettext('Enter a JSON object, such as {"top_k": 40}.'))
    return value if is_storable(value) else _refuse_characters()


def _refuse_characters() -> NoReturn:
    words = gettext("Take out NaN, Infinity, null characters and halves of characters.")
    raise forms.ValidationError(words)


def _stops(text: str) -> tuple[str, ...]:
    """As a list they may hold line ends, which is what most of them are."""
    try:
        listed = json.loads(text)
    except (ValueError, RecursionError):
        listed = None
    if isinstance(listed, list) and all(isinstance(stop, str) for stop in listed):
        lines = listed
    else:
        lines = [line for line in text.replace("\r", "").split("\n") if line.strip()]
    return tuple(dict.fromkeys(filter(None, lines)))


def shown(parameters: Parameters) -> dict[str, Any]:
    """What a form that is not bound begins with."""
    wanted = parameters.response_format
    schema = wanted.to_wire().get("json_schema") if wanted else None
    numbers = {name: getattr(parameters, name) for name in RANGES}
    return {
        **numbers,
        "stop": _listed(parameters.stop),
        "reasoning_effort": parameters.reasoning_effort,
        "response_format": wanted and wanted.type,
        "schema": _written(schema),
        "extra": _written(parameters.extra),
    }


def _listed(stops: tuple[str, ...]) -> str:
    text = "\n".join(stops)
    return text if _stops(text) == stops else json.dumps(stops, ensure_ascii=False)


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) if value else ""
