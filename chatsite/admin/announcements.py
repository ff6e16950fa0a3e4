"""What is announced, and to whom it shows just now."""

from typing import TYPE_CHECKING

from django import forms
from django.contrib import admin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatsite.models import Announcement

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Announcement]
    _Form = forms.ModelForm[Announcement]
else:
    _Admin, _Form = admin.ModelAdmin, forms.ModelForm


class AnnouncementForm(_Form):
    class Meta:
        model = Announcement
        fields = ("text", "text_zh", "level", "begins_at", "ends_at")
        widgets = {  # noqa: RUF012 - Django's own way
            "text": forms.Textarea({"rows": 2}),
            "text_zh": forms.Textarea({"rows": 2}),
        }

    def clean(self) -> None:
        super().clean()
        begins, ends = (self.cleaned_data.get(name) for name in ("begins_at", "ends_at"))
        if begins and ends and ends <= begins:
            self.add_error("ends_at", _("It would end before it begins. Choose a later time."))


@admin.register(Announcement)
class AnnouncementAdmin(_Admin):
    form = AnnouncementForm
    formfield_overrides = {  # noqa: RUF012 - Django's own way
        # One field with the browser's own calendar, in the reader's own order of day and month.
        models.DateTimeField: {
            "form_class": forms.DateTimeField,
            "widget": forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        }
    }
    list_display = ("text", "level", "begins_at", "ends_at", "is_shown")
    list_filter = ("level", "begins_at")
    search_fields = ("text", "text_zh")
    ordering = ("-begins_at",)

    @admin.display(description=_("shown now"), boolean=True)
    def is_shown(self, announcement: Announcement) -> bool:
        return announcement.is_due(timezone.now())
