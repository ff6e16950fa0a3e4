"""Who asks for an account, and what is decided about it."""

import logging
from typing import TYPE_CHECKING

from django.contrib import admin, messages
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chatsite.models import SignupRequest, User

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[SignupRequest]
    _Requests = QuerySet[SignupRequest]
else:
    _Admin, _Requests = admin.ModelAdmin, QuerySet

security_log = logging.getLogger("chatsite.security")


@admin.register(SignupRequest)
class SignupRequestAdmin(_Admin):
    list_display = ("username", "note", "created_at", "is_taken")
    list_filter = ("created_at",)
    search_fields = ("username", "note")
    ordering = ("created_at",)
    fields = readonly_fields = ("username", "note", "created_at", "is_taken")
    actions = ("approve", "reject")
    change_form_template = "admin/chatsite/signuprequest.html"

    def get_queryset(self, request: HttpRequest) -> _Requests:
        same = User.objects.filter(username__iexact=OuterRef("username"))
        return super().get_queryset(request).annotate(taken=Exists(same))

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        # By looking for its beginning one could read a hash letter by letter.
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)

    def get_actions(self, request: HttpRequest) -> dict[str, object]:  # type: ignore[override]
        # To reject is to delete.
        return {
            name: action
            for name, action in super().get_actions(request).items()
            if name != "delete_selected"
        }

    @admin.display(description=gettext_lazy("name is"), ordering="taken")
    def is_taken(self, asked: SignupRequest) -> str:
        return _("taken") if getattr(asked, "taken", False) else _("free")

    @admin.action(description=gettext_lazy("Approve: make the account"), permissions=["approve"])
    def approve(self, request: HttpRequest, chosen: _Requests) -> None:
        for asked in chosen:
            if user := _made(asked):
                self.log_addition(request, user, _("Approved a sign-up request."))  # type: ignore[arg-type]
                security_log.info("user %s let user %s in", request.user.pk, user.pk)
                told = _("%(name)s can log in now.") % {"name": user}
                self.message_user(request, told, messages.SUCCESS)
            else:
                told = _("There is an account named %(name)s already. Reject this request.")
                self.message_user(request, told % {"name": asked}, messages.ERROR)

    @admin.action(description=gettext_lazy("Reject: forget the request"), permissions=["delete"])
    def reject(self, request: HttpRequest, chosen: _Requests) -> None:
        self.log_deletions(request, chosen)
        count = chosen.count()
        chosen.delete()
        self.message_user(request, _("Rejected: %(count)d") % {"count": count})

    def has_approve_permission(self, request: HttpRequest) -> bool:
        """To let somebody in is to make a user."""
        return request.user.has_perm("chatsite.add_user") and self.has_delete_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: SignupRequest | None = None) -> bool:
        return False


def _made(asked: SignupRequest) -> User | None:
    """The account, with the password that was asked for; None if another has its name, in
    whichever case."""
    if User.objects.filter(username__iexact=asked.username).exists():
        return None
    user = User(username=asked.username, password=asked.password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
            asked.delete()
    except IntegrityError:
        return None
    return user
