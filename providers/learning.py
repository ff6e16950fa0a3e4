"""What a refusal teaches: the adaptation with which the service may take the request.

No service is known by its name. A refusal names a field of the body or a role, and says either
that there is no such thing here, which can be adapted to, or that its value is wrong, which is for
the user to correct. What says of itself that it passes teaches nothing.
"""

import re
from collections.abc import Collection, Iterator

from providers.adaptation import INSTRUCTIONS, OPPOSITES, Adaptation, Body, apply, format_of
from providers.errors import ErrorKind, UpstreamError

MOST_TEXT = 4096
# A template that fails on a role is told as a failure of the service, and so is what a stream says
# without a status. Any other field is named in one by chance.
_REFUSALS = (ErrorKind.BAD_REQUEST, ErrorKind.UPSTREAM)

# Pydantic repeats what it was given behind what it says of it.
_ECHO = re.compile(r"""['"]input['"]\\?\s*:""")
_CAMEL_HUMP = re.compile(r"(?<=[a-z])([A-Z])")

_NO_SUCH_FIELD = re.compile(
    r"(?:unknown|unrecogni[sz]ed|unexpected) (?:\w+ )?"
    r"(?:field|name|param|arg|prop|key|input|request arg)"
    r"|extra_forbidden|extra (?:inputs|fields)|cannot find field|no such (?:field|param)"
    r"|not a valid (?:field|param|arg)|unknown_parameter|unsupported_parameter"
)
# The field is there, but with one value that cannot be chosen.
_FIXED = re.compile(
    r"only (?:the )?default|only [\w.=()-]+ (?:value )?(?:is|are) (?:allowed|supported)"
    r"|only supports? [a-z_]+ ?=|may only be set"
    r"|must be (?:set to |equal to |exactly )?\d+(?:\.\d+)?(?=[\s.,;)]*(?:$|for |when |with |if ))"
)
_UNSUPPORTED = re.compile(
    r"unsupported|(?:not|n't) (?:be )?(?:currently |yet )?(?:support|permit|allow|enable|implement)"
    # Of a model or a service these words mean a bad moment.
    r"|\b(?:type|param\w*|field|option|argument|property) (?:is |are )?(?:not avail|unavail)able"
    r"|deprecated|not compatible|incompatible|不支持"
)
_BAD_VALUE = re.compile(
    r"\brange\b|(?:less|greater|higher|lower|more) than|at (?:most|least)|must be|should be"
    r"|(?:above|below|over|under|beyond|up to|[<>]=?) ?-?\d"
    r"|\bbetween\b|maximum|minimum|too (?:large|small|long|many|high|low)|exceed|one of"
    r"|(?:supported|allowed|valid|accepted) (?:values|options)|取值|范围|[大小高低]于|超[过出]"
)
_PASSES = re.compile(
    r"temporar|\b(?:again|retry|back)\b.{0,30}\b(?:later|soon|in a)\b|稍后|暂时|暂不可用|请重试"
)
_NOT_BOTH = re.compile(r"cannot both|not both|mutually exclusive|only one of")
_BAD_SCHEMA = re.compile(r"invalid schema|invalid_json_schema|the word .?json")

_MUST_ALTERNATE = re.compile(
    r"(?:must|should|need to) (?:be )?alternat|successive user or assistant|interleave the"
)
_REFUSED_ROLE = re.compile(
    r"(?:system|developer)['`\"]* (?:role|message|prompt|instruction)s?\b.{0,40}"
    r"(?:not|n't|unsupported|不支持)"
    r"|(?:not|n't) support\w* (?:the )?['`\"]*(?:system|developer)\b"
    r"|(?:unknown|invalid|unexpected|unsupported|incorrect) (?:message )?(?:role|variant|value)"
    r"\W{0,6}(?:system|developer)"
    r"|['`\"](?:system|developer)['`\"] is not|only user and assistant"
    r"|messages\W{1,8}\d+\W{1,8}role"
)
_NUMBERED_ROLE = re.compile(r"messages\[\d+\]\.role")

# Fields by other names than their own in what services say.
_NAMES = {
    "stream_options": r"stream[_ ]options|include_usage",
    "top_p": r"top[_ ]p",
    "presence_penalty": r"presence[_ ]penalty|penalty|penalties",
    "frequency_penalty": r"frequency[_ ]penalty|penalty|penalties",
    "seed": r"(?:random_)?seed",
    "stop": r"stop(?:[_ ](?:sequence|word|string|token)s?)?",
    # A reasoning model is what somebody asks, not what is set for it.
    "reasoning_effort": r"reasoning(?:[-_. ]effort)?(?! models?\b)|thinking(?! models?\b)",
    "response_format": r"response[_ ]format|json[_ ](?:schema|object|mode)|structured outputs?",
}
_CURES = {
    "stream_options": (Adaptation.NO_STREAM_OPTIONS,),
    "max_tokens": (Adaptation.MAX_COMPLETION_TOKENS,),
    "max_completion_tokens": (Adaptation.MAX_TOKENS,),
    "temperature": (Adaptation.NO_TEMPERATURE,),
    "top_p": (Adaptation.NO_TOP_P,),
    "presence_penalty": (Adaptation.NO_PRESENCE_PENALTY,),
    "frequency_penalty": (Adaptation.NO_FREQUENCY_PENALTY,),
    "seed": (Adaptation.RANDOM_SEED, Adaptation.NO_SEED),
    "random_seed": (Adaptation.NO_SEED,),
    "stop": (Adaptation.NO_STOP,),
    "reasoning_effort": (Adaptation.NO_REASONING_EFFORT,),
}
_FORMATS = {
    "json_schema": Adaptation.JSON_OBJECT,
    "json_object": Adaptation.NO_JSON_OBJECT,
}
_NEVER_CHANGED = ("model", "messages", "stream")

Cures = tuple[Adaptation, ...]


def learn(
    body: Body, error: UpstreamError, raw: bytes = b"", tried: Collection[Adaptation] = ()
) -> Adaptation | None:
    """None where asking otherwise would not help, or is for the user to decide.

    `body` is as it was sent, `raw` the refusal as it came, which may say more than the error.
    Neither what was `tried` nor its opposite is tried again.
    """
    if error.kind not in _REFUSALS:
        return None
    closed = {*tried, *(OPPOSITES.get(adaptation) for adaptation in tried)}
    for text in (error.detail, raw[:MOST_TEXT].decode("utf-8", "replace")):
        said, param = _without_model(_plain(text), body), _plain(error.param or "")
        for adaptation in _cures(said, param, body, error.kind):
            if adaptation not in closed and apply(body, (adaptation,)) != body:
                return adaptation
    return None


def _plain(said: str) -> str:
    """In small letters, with the names of fields as they are on the wire."""
    return _CAMEL_HUMP.sub(r"_\1", _ECHO.split(said)[0]).lower()


def _without_model(said: str, body: Body) -> str:
    """A model may be called like a field, and the service may leave out whose it is."""
    model = _plain(str(body.get("model", "")))
    for name in {model, model.rpartition("/")[2]} - {""}:
        if name in said:
            said = re.sub(rf"(?<![a-z0-9_.-]){re.escape(name)}(?![a-z0-9_-])", "…", said)
    return said


def _cures(said: str, param: str, body: Body, kind: ErrorKind) -> Cures:
    if _PASSES.search(said):
        return ()
    if cures := _cures_for_roles(said, param, body):
        return cures
    if kind == ErrorKind.UPSTREAM and not _NO_SUCH_FIELD.search(said):
        return ()
    named = _named_field(param, body) or _refused_field(said, body)
    if named == "response_format":
        return _cures_for_format(said, body)
    # The site asks for the usage on its own account: nobody's wish is lost without.
    if named == "stream_options" or _is_refused(said):
        return _CURES.get(named, ())
    return ()


def _cures_for_roles(said: str, param: str, body: Body) -> Cures:
    if _MUST_ALTERNATE.search(said):
        return Adaptation.ALTERNATING_ROLES, Adaptation.MERGED_SYSTEM
    if not _REFUSED_ROLE.search(f"{param} {said}"):
        return ()
    sent = {message["role"] for message in body["messages"]}.intersection(INSTRUCTIONS)
    if "developer" in sent:
        return Adaptation.SYSTEM_ROLE, Adaptation.MERGED_SYSTEM
    # Others than those who say it so would take the role and make nonsense of it.
    if _NUMBERED_ROLE.search(f"{param} {said}"):
        return Adaptation.DEVELOPER_ROLE, Adaptation.MERGED_SYSTEM
    return (Adaptation.MERGED_SYSTEM,)


def _named_field(param: str, body: Body) -> str:
    """The field of a `param` such as `temperature` or `body.stream_options.include_usage`."""
    path = [name for name in re.split(r"[^a-z0-9_]+", param) if name and name != "body"]
    return path[0] if path and path[0] in body and path[0] not in _NEVER_CHANGED else ""


def _refused_field(said: str, body: Body) -> str:
    """The one that is named first; lists of what would be taken come behind it."""
    named = list(_fields_in(said, body))
    if len(named) > 1 and _NOT_BOTH.search(said):
        return named[1]
    return named[0] if named else ""


def _fields_in(said: str, body: Body) -> Iterator[str]:
    """Fields of the body in the order in which they are named, the user's own ones too."""
    found = []
    for name in body.keys() - {*_NEVER_CHANGED}:
        own = _plain(name)
        # The user may have set thousands: a pattern is made only where there is something to find.
        pattern = _NAMES.get(name) or (own in said and re.escape(own))
        if pattern and (match := re.search(rf"(?<![a-z0-9_-])(?:{pattern})(?![a-z0-9_-])", said)):
            found.append((match.start(), own not in said, name))
    return (name for *_, name in sorted(found))


def _is_refused(said: str) -> bool:
    """As such; not for a value that could be another."""
    if any(sign.search(said) for sign in (_NO_SUCH_FIELD, _FIXED, _NOT_BOTH)):
        return True
    return bool(_UNSUPPORTED.search(said)) and not _BAD_VALUE.search(said)


def _cures_for_format(said: str, body: Body) -> Cures:
    """What is refused is mostly the type, which is the value of the field."""
    wanted = format_of(body)
    if _BAD_SCHEMA.search(said):
        return ()
    if _NO_SUCH_FIELD.search(said) and wanted not in said:
        return (Adaptation.NO_RESPONSE_FORMAT,)
    is_refused = any(sign.search(said) for sign in (_NO_SUCH_FIELD, _UNSUPPORTED, _BAD_VALUE))
    return (_FORMATS.get(wanted, Adaptation.NO_RESPONSE_FORMAT),) if is_refused else ()
