"""Names of tags, and what they are told apart by."""

import sys

from chatsite.models import User
from conversations.models.tag import MOST_FOLDED, NAME_LENGTH
from conversations.search.terms import FOLDING
from conversations.tags import tag_named


def test_the_longest_name_there_is_fits_into_its_column(olivia: User) -> None:
    tag_named(olivia, "ﷺ" * NAME_LENGTH).full_clean()


def test_no_character_becomes_more_of_them_than_there_is_room_for() -> None:
    # What the process remembers is left to texts.
    folding = type(FOLDING)()
    assert max(len(folding[code]) for code in range(sys.maxunicode + 1)) == MOST_FOLDED
