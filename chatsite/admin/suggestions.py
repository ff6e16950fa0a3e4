"""What an empty chat proposes, as one form for all of it."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from chatsite.models import Suggestions
from chatsite.suggestions import MOST, OWN

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Suggestions]
    _Form = forms.ModelForm[Suggestions]
else:
    _Admin, _Form = admin.ModelAdmin, forms.ModelForm


class SuggestionsForm(_Form):
    class Meta:
        model = Suggestions
        fields = ("text", "text_zh")
        widgets = {  # noqa: RUF012 - Django's own way
            "text": forms.Textarea({"rows": MOST}),
            "text_zh": forms.Textarea({"rows": MOST}),
        }

    def clean_text(self) -> str:
        return self._short(self.cleaned_data["text"])

    def clean_text_zh(self) -> str:
        return self._short(self.cleaned_data["text_zh"])

    def _short(self, text: str) -> str:
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if len(lines) > MOST:
            message = _("There is room for %(most)s. Take lines away.")
            raise forms.ValidationError(message, params={"most": MOST})
        return "\n".join(lines)


@admin.register(Suggestions)
class SuggestionsAdmin(_Admin):
    form = SuggestionsForm
    list_display = ("__str__", "text_zh")
    search_fields = ("text", "text_zh")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """There is one row, or none: then the site's own are shown."""
        if stored := Suggestions.objects.first():
            return redirect("admin:chatsite_suggestions_change", stored.pk)
        return super().add_view(request, form_url, extra_context)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"text": "\n".join(OWN), **super().get_changeform_initial_data(request)}
