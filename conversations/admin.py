"""What an administrator may see of conversations: how answers went, never what is said."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from conversations.models import Generation

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Generation]
else:
    _Admin = admin.ModelAdmin


@admin.register(Generation)
class GenerationAdmin(_Admin):
    list_display = ("started_at", "state", "error_kind", "completion_tokens", "seconds")
    list_filter = ("state", "error_kind", "started_at")
    ordering = ("-started_at",)
    list_per_page = 50
    search_fields = ("message__model_name", "route", "error_kind", "error_detail")
    date_hierarchy = "started_at"
    fields = (
        "state",
        "error_kind",
        "error_detail",
        "finish_reason",
        "prompt_tokens",
        "completion_tokens",
        "started_at",
        "first_token_at",
        "ended_at",
    )
    readonly_fields = fields

    @admin.display(description=_("seconds"))
    def seconds(self, generation: Generation) -> float | None:
        return generation.seconds

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Generation | None = None) -> bool:
        return False
