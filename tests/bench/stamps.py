"""The send time that every chunk of the scripted service carries in its text.

A stamp is `⟦` six hexadecimal digits `⟧`: tenths of a millisecond since the epoch, modulo 2^24
(28 minutes). Short enough to stand in an answer's words, and every reader on this machine can
tell a chunk's age from it without asking anybody.
"""

import re
import time

TURN = 1 << 24
# As it is in text and as it is in JSON that escapes what is not ASCII.
PATTERN = re.compile("(?:⟦|\\\\u27e6)([0-9a-f]{6})(?:⟧|\\\\u27e7)")
WIRE_PATTERN = re.compile(PATTERN.pattern.encode())


def stamp() -> str:
    return f"⟦{tenths(time.time_ns()):06x}⟧"


def tenths(at_ns: int) -> int:
    return at_ns // 100_000 % TURN


def age_ms(sent: int, seen: int) -> float:
    """Both in tenths of a millisecond; an age is below zero only by the clock's grain."""
    tenths_old = (seen - sent) % TURN
    return (tenths_old - TURN if tenths_old > TURN // 2 else tenths_old) / 10


def stamps_in(text: str) -> list[int]:
    return [int(digits, 16) for digits in PATTERN.findall(text)]
