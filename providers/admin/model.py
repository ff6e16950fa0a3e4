"""Models: what is offered, in which order, at which price."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.db.models import DecimalField, Field, ForeignKey, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from providers.adaptation_words import sentences
from providers.card import abilities
from providers.models import Model, Provider, Source
from providers.models.model import ModelQuerySet, PriceSource
from providers.quirks import forget, known_of

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Model]
    _ModelForm = forms.ModelForm[Model]
else:
    _ModelAdmin, _ModelForm = admin.ModelAdmin, forms.ModelForm

PRICES = frozenset({"input_price", "cached_input_price", "output_price", "currency"})


class PriceInput(forms.TextInput):
    """2 and not 2.000000."""

    def __init__(self) -> None:
        super().__init__({"inputmode": "decimal", "class": "price", "autocomplete": "off"})

    def format_value(self, value: Any) -> str | None:
        return (
            f"{value.normalize():f}" if isinstance(value, Decimal) else super().format_value(value)
        )


class RowForm(_ModelForm):
    """The head of a column is no name for those who hear one field after the other."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{field.label}: {self.instance}"


class Priced(admin.SimpleListFilter):
    """By whether what is offered has a price."""

    title = gettext_lazy("price")
    parameter_name = "priced"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", gettext_lazy("offered without a price"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() != "no":
            return queryset
        return queryset.filter(pk__in=Model.objects.offered().unpriced().order_by())


@admin.register(Model)
class ModelAdmin(_ModelAdmin):
    list_display = (
        "model_id",
        "name",
        "provider",
        "default",
        "enabled",
        "position",
        "input_price",
        "cached_input_price",
        "output_price",
        "currency",
        "price_source",
    )
    list_editable = (
        "enabled",
        "position",
        "input_price",
        "cached_input_price",
        "output_price",
        "currency",
    )
    # Eight fields of a row are posted, and a form may have two hundred.
    list_per_page = list_max_show_all = 20
    list_filter = ("enabled", Priced, "price_source", "is_default", "provider")
    list_select_related = ("provider",)
    ordering = ("position", "provider__name", "name", "model_id")
    search_fields = ("model_id", "name", "provider__name")
    change_form_template = "admin/providers/model/change_form.html"
    actions = ("make_default", "make_none_default", "forget_learnt")

    def get_readonly_fields(
        self, request: HttpRequest, obj: Model | None = None
    ) -> tuple[str, ...]:
        told = ("default", "card_shown", "sent_otherwise", "price_source", "vanished_at")
        return ("provider", "model_id", *told) if obj else ()

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        # What is entered here is entered by hand.
        told = ("by_hand", "default") if obj else ()
        prices = ("input_price", "cached_input_price", "output_price", "currency")
        seen = ("card_shown", "sent_otherwise", "vanished_at") if obj else ()
        return [
            (None, {"fields": ("provider", "model_id", "name", "enabled", "position", *told)}),
            (_("Prices"), {"fields": (*prices, *(("price_source",) if obj else ()))}),
            (_("What it can"), {"fields": ("context_window", "max_output", *seen)}),
        ]

    def formfield_for_dbfield(
        self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        if isinstance(db_field, DecimalField):
            kwargs["widget"] = PriceInput
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        kwargs["queryset"] = Provider.objects.exclude(source=Source.LOCAL)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        return super().get_changelist_form(request, form=RowForm, **kwargs)

    @admin.display(description=gettext_lazy("default"), ordering="is_default")
    def default(self, model: Model) -> str:
        return "✓" if model.is_default else ""

    @admin.action(description=gettext_lazy("Make it the default"), permissions=["change"])
    def make_default(self, request: HttpRequest, chosen: QuerySet[Model]) -> None:
        """New chats begin with it, except for those who picked another one."""
        model = chosen[0] if chosen.count() == 1 else None
        if model is None:
            self.message_user(request, _("Choose one model only."), messages.ERROR)
        elif not Model.objects.for_everybody().filter(pk=model.pk).exists():
            told = _("%(model)s is not offered to everybody. Choose another model.")
            self.message_user(request, told % {"model": model}, messages.ERROR)
        else:
            Model.objects.make_default(model)
            self.message_user(request, _("New chats begin with %(model)s.") % {"model": model})

    @admin.action(description=gettext_lazy("Have no default"), permissions=["change"])
    def make_none_default(self, request: HttpRequest, chosen: QuerySet[Model]) -> None:
        Model.objects.make_default(None)
        self.message_user(request, _("New chats begin with the first model of the list."))

    @admin.action(description=gettext_lazy("Forget what is refused"), permissions=["change"])
    def forget_learnt(self, request: HttpRequest, chosen: ModelQuerySet) -> None:
        forget(chosen)
        self.message_user(request, _("From now on all that is set is sent again."))

    @admin.display(description=gettext_lazy("refuses"), empty_value="")
    def sent_otherwise(self, model: Model) -> str:
        return " ".join(sentences(known_of(model)))

    @admin.display(description=gettext_lazy("can"))
    def card_shown(self, model: Model) -> str:
        told = {
            "abilities": abilities(model.card, model.capabilities),
            "checked_at": model.checked_at,
        }
        return render_to_string("admin/providers/model/_card.html", told)

    def save_model(
        self, request: HttpRequest, obj: Model, form: "forms.ModelForm[Model]", change: bool
    ) -> None:
        if PRICES & set(form.changed_data):
            # From now on the lists of services and of this program leave it alone.
            obj.price_source, obj.price_varies, obj.price_up_to = PriceSource.ADMIN, False, None
        obj.by_hand = obj.by_hand or not change
        if obj.by_hand:
            obj.vanished_at = None
        super().save_model(request, obj, form, change)
