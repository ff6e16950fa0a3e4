"""People and their groups, for administrators: who may come in, who administers, how much they
may have."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import label_for_field
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chatsite.models import User
from conversations.allowed import allowed_to
from conversations.models import Limits
from conversations.models.limits import FIELDS
from providers.ownership import PERMISSION

if TYPE_CHECKING:
    _Inline = admin.StackedInline[Limits, Any]
    _Choices = forms.ModelMultipleChoiceField[Permission]
else:
    _Inline = admin.StackedInline
    _Choices = forms.ModelMultipleChoiceField

#: What of a user only those may change who may do everything.
RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")
VERBS = {
    "view": gettext_lazy("look"),
    "add": gettext_lazy("add"),
    "change": gettext_lazy("change"),
    "delete": gettext_lazy("delete"),
}


class PermissionsField(_Choices):
    """What may be done with which rows, in the reader's language."""

    def label_from_instance(self, permission: Permission) -> str:
        verb, rows = permission.codename.partition("_")[0], permission.content_type.model_class()
        if verb not in VERBS or rows is None:
            return _(permission.name)
        name = str(rows._meta.verbose_name_plural)
        return f"{name[:1].upper()}{name[1:]}: {VERBS[verb]}"


class LimitsInline(_Inline):
    model = Limits
    fields = FIELDS
    max_num = 1
    verbose_name = verbose_name_plural = gettext_lazy("Limits")
    template = "admin/chatsite/limits.html"


class LimitsOfGroup(LimitsInline):
    fk_name = "group"


class LimitsOfUser(LimitsInline):
    fk_name = "user"


@admin.register(User)
class PeopleAdmin(UserAdmin):  # type: ignore[type-arg]
    list_display = ("username", "email", "is_active", "is_staff", "member_of", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "groups", "last_login")
    search_fields = ("username", "first_name", "last_name", "email", "groups__name")
    readonly_fields = ("last_login", "date_joined", "in_force")
    filter_horizontal = ()
    inlines = (LimitsOfUser,)
    fieldsets = (
        (None, {"fields": ("username", "password", ("first_name", "last_name"), "email")}),
        (gettext_lazy("Rights"), {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        (
            gettext_lazy("Single permissions"),
            {"fields": ("user_permissions",), "classes": ("collapse",)},
        ),
        (gettext_lazy("Dates and limits"), {"fields": ("last_login", "date_joined", "in_force")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Who could give rights away could take them all."""
        return (*self.readonly_fields, *(() if _is_above_all(request) else RIGHTS))

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and _may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_touch(request, obj)

    def get_inlines(self, request: HttpRequest, obj: User | None = None) -> Any:
        # Who is only just being made has a name and a password first.
        return self.inlines if obj else ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        told = _as_boxes(db_field, kwargs)
        return super().formfield_for_manytomany(db_field, request, **told)

    def get_deleted_objects(
        self, objs: Iterable[User], request: HttpRequest
    ) -> tuple[list[Any], dict[Any, Any], set[Any], list[Any]]:
        """Who may delete somebody deletes what is theirs as well, the records of their answers
        too; of that, only how much it is: titles of chats are nobody else's to read."""
        people = list(objs)
        _all, counts, _lacking, protected = super().get_deleted_objects(people, request)
        protected += [str(person) for person in people if not _may_touch(request, person)]
        return [str(person) for person in people], dict(counts), set(), protected

    @admin.display(description=gettext_lazy("groups"))
    def member_of(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all())

    @admin.display(description=gettext_lazy("limits in force"))
    def in_force(self, user: User) -> str:
        """With those of the groups and of the site."""
        # Words within an f-string are not found by whoever collects them for translation.
        allowed, unlimited = allowed_to(user.pk), _("no limit")
        return ", ".join(
            f"{label_for_field(name, Limits)}: {getattr(allowed, name) or unlimited}"
            for name in FIELDS
        )


admin.site.unregister(Group)


@admin.register(Group)
class GroupsAdmin(GroupAdmin):
    list_display = ("name", "members")
    filter_horizontal = ()
    inlines = (LimitsOfGroup,)

    def get_readonly_fields(self, request: HttpRequest, obj: Group | None = None) -> Any:
        return () if _is_above_all(request) else ("permissions",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        return super().get_queryset(request).annotate(count=Count("user"))

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest | None = None, **kwargs: Any
    ) -> Any:
        told = _as_boxes(db_field, kwargs)
        return super().formfield_for_manytomany(db_field, request, **told)

    @admin.display(description=gettext_lazy("members"), ordering="count")
    def members(self, group: Group) -> int:
        return int(getattr(group, "count", 0))


def _may_touch(request: HttpRequest, person: User | None) -> bool:
    """With another password for somebody one can do all that they may: so nobody who may more."""
    if person is None or _is_above_all(request):
        return True
    return not person.is_superuser and not (person.is_staff and _may_more(request, person))


def _may_more(request: HttpRequest, person: User) -> bool:
    """Also of somebody who is switched off for now: they can be switched on."""
    held = Permission.objects.filter(Q(user=person) | Q(group__user=person))
    names = held.values_list("content_type__app_label", "codename")
    return not request.user.has_perms([".".join(name) for name in names])


def _is_above_all(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


def _as_boxes(db_field: Any, told: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a form field that shows each choice by a box of its own."""
    boxes = {**told, "widget": forms.CheckboxSelectMultiple()}
    if db_field.related_model is Permission:
        boxes |= {"form_class": PermissionsField, "queryset": _to_be_given()}
    return boxes


def _to_be_given() -> QuerySet[Permission]:
    """What has a page here, and what this program itself asks for."""
    shown = ContentType.objects.get_for_models(*admin.site._registry, Limits)
    asked_for = Q(codename=PERMISSION.partition(".")[2])
    found = Permission.objects.filter(Q(content_type__in=shown.values()) | asked_for)
    order = ("content_type__app_label", "content_type__model", "codename")
    return found.select_related("content_type").order_by(*order)
