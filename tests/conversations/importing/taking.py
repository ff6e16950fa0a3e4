"""Conversations of files that are stored at once, with no server."""

from conversations.importing.rows import Rows, rows_of
from conversations.importing.storing import Taking, steps
from conversations.importing.values import Source
from conversations.models import ImportJob


def take(job: ImportJob, found: Source, rows: Rows | None = None) -> bool:
    """Whether it was new to the job's owner."""
    made = rows or rows_of(job.owner_id, found)
    return all(step() for step in steps(Taking(job, job.owner, found.key, made)))
