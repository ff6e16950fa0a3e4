"""How much one user may ask to be shown, over all sockets and questions over HTTP together.

A page asks once for each unfinished answer that it shows, again when it comes back, and over HTTP
four times a second while an answer grows. Counted in memory, by each process for itself.
"""

from collections import OrderedDict
from dataclasses import dataclass
from time import monotonic

from conversations.flow import Allowance

FOLLOWS_AT_ONCE = 256
FOLLOWS_PER_S = 32.0
# Of what a page lacks when it asks, and not of what comes while it watches.
CHARACTERS_AT_ONCE = 32_000_000
CHARACTERS_PER_S = 1_000_000.0
# Of those who asked last; who comes back after so many others begins anew.
USERS_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class _Appetite:
    follows: Allowance
    characters: Allowance


_users: OrderedDict[int, _Appetite] = OrderedDict()


def may_ask(user_id: int, answers: int = 1) -> bool:
    """Count the question for so many answers, if it may be asked; one for none counts too."""
    now, mine = monotonic(), _of(user_id)
    return mine.characters.take(now) and mine.follows.take(now, max(1, answers))


def was_sent(user_id: int, characters: int) -> None:
    _of(user_id).characters.spend(characters)


def _of(user_id: int) -> _Appetite:
    if user_id not in _users:
        _users[user_id] = _Appetite(
            Allowance(FOLLOWS_AT_ONCE, FOLLOWS_PER_S),
            Allowance(CHARACTERS_AT_ONCE, CHARACTERS_PER_S),
        )
        while len(_users) > USERS_REMEMBERED:
            _users.popitem(last=False)
    _users.move_to_end(user_id)
    return _users[user_id]
