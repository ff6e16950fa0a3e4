"""The ledger: to be read, filtered and added up, never to be changed."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from providers.models import Call
from providers.models.call import Basis

if TYPE_CHECKING:
    _CallAdmin = admin.ModelAdmin[Call]
else:
    _CallAdmin = admin.ModelAdmin


@admin.register(Call)
class CallAdmin(_CallAdmin):
    list_display = (
        "created_at",
        "user",
        "kind",
        "model_name",
        "outcome",
        "prompt_tokens",
        "completion_tokens",
        "amount",
        "first_word",
        "duration",
        "route",
    )
    list_filter = ("kind", "outcome", "error_kind", "cost_basis", "created_at")
    list_select_related = ("user",)
    ordering = ("-created_at",)
    list_per_page = 50
    search_fields = ("model_name", "route", "user__username")
    # A count of all rows, and a list of their days, would be looked for on each page.
    show_full_result_count = False

    @admin.display(description=gettext_lazy("cost"), ordering="cost")
    def amount(self, call: Call) -> str:
        if call.cost is None:
            return "–"
        sign = "" if call.cost_basis == Basis.MEASURED else "≈ "
        return f"{sign}{call.cost:.6f} {call.currency}"

    @admin.display(description=gettext_lazy("to the first word"), ordering="first_token_s")
    def first_word(self, call: Call) -> str:
        return _told(call.first_token_s)

    @admin.display(description=gettext_lazy("duration"), ordering="seconds")
    def duration(self, call: Call) -> str:
        return _told(call.seconds)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Call | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Call | None = None) -> bool:
        return False


def _told(seconds: float | None) -> str:
    """To the hundredth; what is measured finer says nothing more."""
    if seconds is None:
        return "–"
    return _("%(seconds)s s") % {"seconds": number_format(seconds, 2)}
