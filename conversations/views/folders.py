"""Folders and tags: a page of all, one of each folder, and the acts on them."""

from contextlib import suppress
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from conversations import watching
from conversations.access import deleted_folder_for, folder_for, tag_for
from conversations.folders import (
    TooManyFolders,
    create_folder,
    delete_folder,
    folders_of,
    restore_folder,
)
from conversations.forms import FolderForm, FolderNameForm, TagForm
from conversations.models import Folder
from conversations.search.terms import fold
from conversations.tags import tags_of
from conversations.views.requests import UserRequest, signed_in

ANY = ["GET", "HEAD", "POST"]


@require_http_methods(ANY)
@signed_in
def index(request: UserRequest) -> HttpResponse:
    """GET is the page of all, POST makes a folder."""
    if request.method != "POST":
        return _index(request)
    form = FolderNameForm(request.POST)
    if not form.is_valid():
        return _index(request, str(form.errors["name"][0]), 422)
    try:
        folder = create_folder(request.user, form.cleaned_data["name"])
    except TooManyFolders as refusal:
        return _index(request, str(refusal), 409)
    return redirect("conversations:folder", folder.pk)


@require_http_methods(ANY)
@signed_in
def folder(request: UserRequest, folder_id: UUID) -> HttpResponse:
    """What new chats in it begin with: to see, and to change."""
    found = folder_for(request.user, folder_id)
    form = FolderForm(request.user, found, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"folder": found, "form": form}
        return render(request, "folder.html", context, status=422 if form.is_bound else 200)
    Folder.objects.filter(pk=found.pk).update(**form.cleaned_data)
    watching.list_changed(found.owner_id)
    return redirect(found)


@require_POST
@signed_in
def delete(request: UserRequest, folder_id: UUID) -> HttpResponse:
    found = folder_for(request.user, folder_id)
    with suppress(Folder.DoesNotExist):
        delete_folder(request.user, found)
    # There is the way back.
    return redirect("conversations:folders")


@require_POST
@signed_in
def restore(request: UserRequest, folder_id: UUID) -> HttpResponse:
    found = deleted_folder_for(request.user, folder_id)
    try:
        restore_folder(request.user, found)
    except TooManyFolders as refusal:
        return _index(request, str(refusal), 409)
    return redirect(found)


@require_POST
@signed_in
def rename_tag(request: UserRequest, tag_id: UUID) -> HttpResponse:
    tag, form = tag_for(request.user, tag_id), TagForm(request.POST)
    if not form.is_valid():
        return _index(request, str(form.errors["name"][0]), 422)
    tag.name = form.cleaned_data["name"]
    tag.folded = fold(tag.name)
    try:
        with transaction.atomic():
            tag.save(update_fields=["name", "folded"])
    except IntegrityError:
        return _index(request, _("You have a tag of this name already."), 409)
    watching.list_changed(tag.owner_id)
    return redirect("conversations:folders")


@require_POST
@signed_in
def delete_tag(request: UserRequest, tag_id: UUID) -> HttpResponse:
    tag = tag_for(request.user, tag_id)
    tag.delete()
    watching.list_changed(tag.owner_id)
    return redirect("conversations:folders")


def _index(request: UserRequest, words: str = "", status: int = 200) -> HttpResponse:
    recent = Folder.objects.deleted_by(request.user).order_by("-deleted_at")
    context = {
        "folders": folders_of(request.user),
        "tags": tags_of(request.user),
        "words": words,
        # The one that was just deleted first.
        "deleted_folders": list(recent.only("id", "name")[:5]),
    }
    return render(request, "folders.html", context, status=status)
