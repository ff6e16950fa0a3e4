"""What services really sent, byte for byte, to be sent again with the cuts that it had."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Any

from providers.fakeupstream.responses import head
from providers.fakeupstream.script import CUT, Script

RECORDED = Path(__file__).with_name("wire_cases.json")

# What no delay comes to: long enough for a reader beside it to see each piece alone.
MOMENT_S = 1e-6
_FRAMING = frozenset({"content-length", "transfer-encoding"})


class Split(StrEnum):
    """Where the body is cut: nowhere, where the case was, or after each byte."""

    WHOLE = "whole"
    CUT = "cut"
    BYTES = "bytes"


@dataclass(frozen=True, slots=True)
class Case:
    """One recorded response; `cuts` are offsets into the body, in bytes."""

    name: str
    endpoint: str
    status: int
    headers: dict[str, str]
    body: bytes
    cuts: tuple[int, ...] = ()

    def pieces(self, split: Split) -> list[bytes]:
        cuts = {
            Split.WHOLE: (),
            Split.CUT: self.cuts,
            Split.BYTES: range(1, len(self.body)),
        }[split]
        marks = [0, *cuts, len(self.body)]
        return [self.body[a:b] for a, b in pairwise(marks) if a < b]


def read_cases(file: Path) -> dict[str, Case]:
    """By their names; OSError, ValueError or KeyError if it is no file of cases."""
    entries = json.loads(file.read_text(encoding="utf-8"))
    return {entry["name"]: _case(entry) for entry in entries}


def replay(case: Case, split: Split, delay_s: float = 0.0) -> Script:
    """Each piece is a write of its own, and the seconds are waited between two of them."""
    is_framed = any(name.lower() in _FRAMING for name in case.headers)
    framing = {} if is_framed else {"transfer-encoding": "chunked"}
    yield head(case.status, {**case.headers, **framing})
    for piece in case.pieces(split):
        yield max(delay_s, MOMENT_S)
        yield piece if is_framed else b"%x\r\n%s\r\n" % (len(piece), piece)
    # A length of its own may be wrong, as some services' are.
    yield CUT if is_framed else b"0\r\n\r\n"


def _case(entry: dict[str, Any]) -> Case:
    return Case(
        entry["name"],
        entry["endpoint"],
        entry["http_status"],
        entry["headers"],
        b"".join(_body(entry)),
        tuple(entry.get("chunks", ())),
    )


def _body(entry: dict[str, Any]) -> Iterator[bytes]:
    if "body_repeat" in entry:
        told = entry["body_repeat"]
        yield from (told["prefix"].encode(), told["repeat"].encode() * told["count"])
        yield told["suffix"].encode()
    elif "body_bytes_base64" in entry:
        yield base64.b64decode(entry["body_bytes_base64"])
    else:
        yield entry["body"].encode()
