"""People, for administrators: who may come in, and who administers."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from chatsite.models import User

if TYPE_CHECKING:
    _Admin = UserAdmin[User]
else:
    _Admin = UserAdmin

admin.site.site_header = admin.site.site_title = _("Chatsite administration")


@admin.register(User)
class PersonAdmin(_Admin):
    def get_deleted_objects(
        self, objs: Iterable[User], request: HttpRequest
    ) -> tuple[list[Any], dict[Any, Any], set[Any], list[Any]]:
        """Who may delete somebody deletes what is theirs as well, the records of their answers
        too; of that, only how much it is: titles of chats are nobody else's to read."""
        people = list(objs)
        _all, counts, _lacking, protected = super().get_deleted_objects(people, request)
        return [str(person) for person in people], dict(counts), set(), protected
