"""What an administrator may see of conversations: how answers went, never what is said; and the
presets and prompts that are there for everybody, never those of a user."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from conversations.models import Generation, Preset, Prompt
from conversations.preset_form import PresetForm
from conversations.prompt_form import PromptForm
from providers.parameter_form import ParameterForm

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Generation]
    _PresetAdmin = admin.ModelAdmin[Preset]
    _PromptAdmin = admin.ModelAdmin[Prompt]
else:
    _Admin = _PresetAdmin = _PromptAdmin = admin.ModelAdmin


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


@admin.register(Preset)
class PresetAdmin(_PresetAdmin):
    form = PresetForm
    list_display = ("name", "model_label")
    search_fields = ("name", "model_label", "system_prompt")
    ordering = ("name",)
    fieldsets = (
        (None, {"fields": PresetForm.Meta.fields}),
        (_("Parameters"), {"fields": tuple(ParameterForm.base_fields), "classes": ("collapse",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Preset]:
        return Preset.objects.of_the_site().in_order()

    def get_form(
        self,
        request: HttpRequest,
        obj: Preset | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> type[PresetForm]:
        """As it is: the desk would put links to each model beside them."""
        return PresetForm


@admin.register(Prompt)
class PromptAdmin(_PromptAdmin):
    form = PromptForm
    list_display = ("name",)
    search_fields = ("name", "text")
    ordering = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Prompt]:
        return Prompt.objects.of_the_site().in_order()
