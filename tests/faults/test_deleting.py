"""What is deleted is gone: from the database's file, its log, and whatever else lies beside it."""

import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import uuid4

from tests.faults.conftest import Single
from tests.faults.visitor import Asked, Visitor
from tests.terminal import python

PURGE = "from conversations.purging import purge\nwhile purge(): pass"
CANARY = "a canary that nobody else would say"
OLD = "UPDATE conversations_conversation SET deleted_at = '2020-01-01 00:00:00' WHERE deleted_at"


async def test_no_word_of_a_purged_conversation_is_in_any_file(
    single: Single, olga: Visitor
) -> None:
    # An answer is written down many times as it grows, and each time elsewhere.
    answered = await olga.ask(single.site.url, "600 words 3 ms apart")
    refused = await olga.ask(single.site.url, CANARY)
    kept = await olga.ask(single.site.url, "5 words 1 ms apart")
    for asked in (answered, refused, kept):
        await olga.until_ended(single.site.url, asked)
    await _draft(single, olga, refused, f"{CANARY} twice")
    words = (await olga.text(single.site.url, answered)).split()
    others = await olga.text(single.site.url, kept)
    assert _files_with(single.folder, words[0], CANARY)
    for asked in (answered, refused):
        await olga.delete(single.site.url, asked)
    with closing(sqlite3.connect(single.folder / "chatsite.sqlite3")) as database:
        database.execute(OLD)
        database.commit()
    python(single.folder, PURGE)
    assert _files_with(single.folder, CANARY, answered.answer, *words) == set()
    assert _files_with(single.folder, others.split()[0]) == {"chatsite.sqlite3"}


async def _draft(single: Single, olga: Visitor, asked: Asked, text: str) -> None:
    address = f"{single.site.url}c/{asked.conversation}/draft/"
    form, headers = {"text": text, "send_id": str(uuid4())}, olga.headers(single.site.url)
    async with olga.http.post(address, data=form, headers=headers) as answer:
        assert answer.ok, answer.status


def _files_with(folder: Path, *texts: str) -> set[str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    said = {path.name: path.read_bytes() for path in files if path.parent.name != "static"}
    return {name for name, content in said.items() if any(t.encode() in content for t in texts)}
