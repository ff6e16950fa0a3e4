"""What an import tells its user: why a file, an entry or a part of one was not taken."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from conversations.importing.values import Fault, Reason

_Words = Promise | str

FAULTS: dict[str, _Words] = {
    Fault.NOT_JSON: _("This is not JSON. Choose the .json or .zip file of an export."),
    Fault.NOTHING: _("There are no conversations in this file. Choose the file of an export."),
    Fault.ENCODING: _("The text of this file is not in UTF-8. Save it as UTF-8, then choose it."),
    Fault.NEWER: _("A newer version of Chatsite made this file. Update this site, then try again."),
    Fault.ZIP_BROKEN: _("The zip archive is damaged or incomplete. Download it once more."),
    Fault.ZIP_LOCKED: _("The zip archive has a password. Unpack it, then choose the .json file."),
    Fault.ZIP_METHOD: _(
        "The zip archive is packed in a way that this site does not unpack. Unpack it, then choose "
        "the .json file."
    ),
    Fault.ZIP_BOMB: _(
        "The zip archive unpacks to more than this site takes. Unpack it, then choose its "
        "conversations.json."
    ),
    Fault.ZIP_EMPTY: _(
        "There is no .json file in this zip archive. Choose the archive of an export."
    ),
    Fault.GONE: _("The file is not here any more. Choose it again."),
    Fault.DISK: _("The database did not take it just now. What is in already stays. Try again."),
    Fault.BROKEN: _(
        "Something unexpected is in this file. What is in already stays. Tell the administrator."
    ),
}
# Of a whole entry that was not taken.
_ENTRIES: dict[str, _Words] = {
    Reason.EMPTY: _("has no messages"),
    Reason.UNKNOWN: _("is no conversation in a format that is known here"),
    Reason.NOT_JSON: _("is not valid JSON"),
    Reason.TOO_LARGE: _("is larger than one conversation may be"),
    Reason.TOO_DEEP: _("is nested too deeply; from LibreChat, export it without “recursive”"),
    Reason.TOO_MANY: _("has more messages than one conversation may have"),
    Reason.TRUNCATED: _("ends in the middle: the file is incomplete"),
    Reason.NOT_STORED: _("was refused by the database"),
    Reason.BAD_PARAMETERS: _("was taken without its parameters, which are not valid"),
}
# Of parts of one that was.
_PARTS = {
    Reason.TOOL: ngettext_lazy(
        "without %(count)d message of a tool", "without %(count)d messages of tools", "count"
    ),
    Reason.ROLE: ngettext_lazy(
        "without %(count)d message of an unknown role",
        "without %(count)d messages of unknown roles",
        "count",
    ),
    Reason.ATTACHMENT: ngettext_lazy(
        "without %(count)d image or file", "without %(count)d images or files", "count"
    ),
    Reason.DUPLICATE: ngettext_lazy(
        "without %(count)d message whose id came twice",
        "without %(count)d messages whose ids came twice",
        "count",
    ),
    Reason.LOST_PARENT: ngettext_lazy(
        "%(count)d message follows one that is not in the file, and begins a branch",
        "%(count)d messages follow ones that are not in the file, and begin branches",
        "count",
    ),
    Reason.CYCLE: ngettext_lazy(
        "%(count)d circle of messages was cut",
        "%(count)d circles of messages were cut",
        "count",
    ),
    Reason.TEXT_CUT: ngettext_lazy(
        "%(count)d text was too long and is cut",
        "%(count)d texts were too long and are cut",
        "count",
    ),
}


@dataclass(frozen=True, slots=True)
class Line:
    """`number` is the entry's place in the file, from 1."""

    number: int
    title: str
    words: str


def lines(notes: list[list[object]]) -> list[Line]:
    """Of the notes as a job keeps them."""
    return [_line(*note) for note in notes]  # type: ignore[arg-type]


def _line(number: int, title: str, reason: str, count: int) -> Line:
    if reason in _PARTS:
        return Line(number, title, str(_PARTS[Reason(reason)] % {"count": count}))
    return Line(number, title, str(_ENTRIES.get(reason, "")))
