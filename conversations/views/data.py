"""A user's own data: taking it out, and bringing conversations in."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conversations.importing import files, words
from conversations.importing.ticket import ticket
from conversations.importing.values import Fault
from conversations.models import Conversation, ImportJob
from conversations.models.import_job import AGAIN, JobState
from conversations.views.requests import UserRequest, signed_in

MEGABYTE = 1024 * 1024


@require_safe
@signed_in
def page(request: UserRequest) -> HttpResponse:
    """With `refused`, where a file of this user did not get as far as to `upload`."""
    return _page(request, _refused() if "refused" in request.GET else "")


@require_POST
@signed_in
def upload(request: UserRequest, ticket: str) -> HttpResponse:
    """The `ticket` was looked at before the body came; who it is counts here."""
    file = request.FILES.get("file")
    if file is None or not file.size:
        return _page(request, _("Choose a file first. It must not be empty."), 422)
    if file.size > settings.IMPORT_LIMIT_BYTES:
        return _page(request, _too_large(), 413)
    try:
        job = files.keep(request.user, file)
    except files.TooManyError:
        words_ = _("Other files of yours are being imported. Wait for one of them, then try again.")
        return _page(request, words_, 429)
    except OSError:
        return _page(
            request, _("The server has no room for this file. Tell the administrator."), 507
        )
    return redirect("conversations:import", job.pk)


@require_safe
@signed_in
def job(request: UserRequest, job_id: UUID) -> HttpResponse:
    found = _job(request, job_id)
    context = {
        "job": found,
        "fault": words.FAULTS.get(found.fault, ""),
        "lines": words.lines(found.notes),
    }
    return render(request, "import.html", context)


@require_POST
@signed_in
def stop(request: UserRequest, job_id: UUID) -> HttpResponse:
    found = _job(request, job_id)
    mine = ImportJob.objects.for_user(request.user).filter(pk=found.pk)
    mine.move(JobState.STOPPED, ended_at=timezone.now())
    return redirect("conversations:import", found.pk)


@require_POST
@signed_in
def again(request: UserRequest, job_id: UUID) -> HttpResponse:
    found = _job(request, job_id)
    mine = ImportJob.objects.for_user(request.user).filter(pk=found.pk)
    if found.may_go_on:
        # Whoever was stopped may still be about to say how it ended: that is not about this try.
        mine.move(JobState.WAITING, ended_at=None, runner="", fault="")
    elif found.state in AGAIN:
        messages.error(request, str(words.FAULTS[Fault.GONE]))
    return redirect("conversations:import", found.pk)


def _job(request: UserRequest, job_id: UUID) -> ImportJob:
    return get_object_or_404(ImportJob.objects.for_user(request.user), pk=job_id)


def _page(request: UserRequest, error: str = "", status: int = 200) -> HttpResponse:
    jobs = ImportJob.objects.for_user(request.user).order_by("-created_at")
    context = {
        "error": error,
        "ticket": ticket(request.user.pk),
        "limit_mb": settings.IMPORT_LIMIT_BYTES // MEGABYTE,
        "limit_bytes": settings.IMPORT_LIMIT_BYTES,
        "too_large": _too_large(),
        "jobs": jobs[: files.MOST_REMEMBERED],
        "count": Conversation.objects.for_user(request.user).count(),
    }
    return render(request, "data.html", context, status=status)


def _refused() -> str:
    limit = settings.IMPORT_LIMIT_BYTES // MEGABYTE
    return _(
        "The file was not taken: it is larger than %(limit)d MB, or this page had been open for "
        "more than a day. Choose the file again."
    ) % {"limit": limit}


def _too_large() -> str:
    limit = settings.IMPORT_LIMIT_BYTES // MEGABYTE
    return _("This file is larger than %(limit)d MB. Choose a smaller one.") % {"limit": limit}
