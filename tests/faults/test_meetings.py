"""Two that touch the same rows on Postgres: one waits for the other, and neither fails by it."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from tests import site
from tests.faults import meetings
from tests.terminal import inside

pytestmark = pytest.mark.servers

Meeting = Callable[[], str]
OnPostgres = Callable[[str], str]


@pytest.fixture(scope="module")
def on_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OnPostgres]:
    with site.postgres() as (_service, url):
        yield partial(inside, tmp_path_factory.mktemp("meetings"), DATABASE_URL=url)


@pytest.mark.parametrize(
    "meeting",
    [
        meetings.revoking_what_is_brought_up_to_date,
        meetings.going_on_from_what_is_brought_up_to_date,
        meetings.erasing_all_while_one_is_asked,
        meetings.an_answer_that_ends_while_it_is_deleted,
        meetings.deleting_a_folder_while_a_chat_of_it_is_moved,
        meetings.bringing_a_folder_back_while_a_chat_of_it_is_moved,
        meetings.moving_chats_back_into_two_folders,
    ],
)
def test_both_are_done(on_postgres: OnPostgres, meeting: Meeting) -> None:
    assert said_at(meeting, on_postgres) == ""


@pytest.mark.parametrize(
    ("meeting", "refusal"),
    [
        (meetings.bringing_up_to_date_what_is_revoked, "DoesNotExist"),
        (meetings.going_on_from_what_is_revoked, "DoesNotExist"),
        (meetings.pinning_two_where_there_is_room_for_one, "TooManyPinned"),
    ],
)
def test_the_second_is_told_what_the_first_has_done(
    on_postgres: OnPostgres, meeting: Meeting, refusal: str
) -> None:
    assert said_at(meeting, on_postgres) == refusal


def said_at(meeting: Meeting, on_postgres: OnPostgres) -> str:
    name = meeting.__name__
    return on_postgres(f"from tests.faults.meetings import {name} as meeting; print(meeting())")
