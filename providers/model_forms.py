"""The forms for the models of a user's own provider: a page of them, and one more by hand."""

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django import forms
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.http import QueryDict
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from providers.models import Model, Provider

if TYPE_CHECKING:
    _Form = forms.ModelForm[Model]
else:
    _Form = forms.ModelForm

# Three fields of a row are posted, and a form may have two hundred.
PER_PAGE = 50
FARTHEST = 1_000_000
ROW = ("enabled", "name", "position")
POSTED = "-position"
LISTED = gettext_lazy("This model is in the list already.")


class RowForm(_Form):
    """One model of the list, found again by its id however the list has changed since."""

    position = forms.IntegerField(min_value=-FARTHEST, max_value=FARTHEST)

    class Meta:
        model = Model
        fields = ROW

    def __init__(self, model: Model, data: QueryDict | None) -> None:
        super().__init__(data, instance=model, prefix=str(model.pk), auto_id="%s")
        self.called = Truncator(model.model_id).chars(60)
        words = {
            "enabled": _("Offer %(model)s"),
            "name": _("Name of %(model)s"),
            "position": _("Position of %(model)s"),
        }
        for name, label in words.items():
            self.fields[name].widget.attrs["aria-label"] = label % {"model": self.called}
        self.fields["name"].widget.attrs |= {"placeholder": self.called, "autocomplete": "off"}

    def clean_name(self) -> str:
        return shown(self.cleaned_data["name"])


class NewModelForm(_Form):
    """One that the service does not list, such as a deployment at Azure; may be left empty."""

    class Meta:
        model = Model
        fields = ("model_id", "name")
        labels: ClassVar = {"name": gettext_lazy("Its name here")}

    def __init__(self, provider: Provider, data: QueryDict | None) -> None:
        # The list may have had it once.
        self.provider = provider
        super().__init__(data, prefix="new", empty_permitted=True, use_required_attribute=False)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"

    def clean_model_id(self) -> str:
        model_id = str(self.cleaned_data["model_id"])
        if not shown(model_id):
            raise forms.ValidationError(_("Enter the id by which the service knows the model."))
        known = self.provider.models.filter(model_id=model_id).first()
        if known and known.vanished_at is None:
            raise forms.ValidationError(LISTED)
        self.instance = known or Model(provider=self.provider)
        return model_id

    def clean_name(self) -> str:
        return shown(self.cleaned_data["name"])

    def refuse_id(self) -> None:
        """Where it was added between looking and storing."""
        self.add_error("model_id", LISTED)

    def save(self, commit: bool = True) -> Model:
        model = self.instance
        model.by_hand, model.enabled, model.vanished_at = True, True, None
        return super().save(commit)


class ModelsForm:
    """A page of the list and the empty row below it, saved together or not at all."""

    def __init__(self, provider: Provider, number: str, data: QueryDict | None = None) -> None:
        self.provider = provider
        listed = provider.models.filter(vanished_at=None)
        listed = listed.order_by("position", "name", "model_id")
        self.page: Page[Model] = Paginator(listed, PER_PAGE).get_page(number)
        shown_here = self.page if data is None else listed.filter(pk__in=_posted(data))
        self.is_bound = data is not None
        self.rows = [RowForm(model, data) for model in shown_here]
        self.new = NewModelForm(provider, data)

    def is_valid(self) -> bool:
        return not self.has_errors

    @transaction.atomic
    def save(self) -> int:
        """How many models were changed or added; IntegrityError if another tab added it first."""
        changed = [row.instance for row in self.rows if row.has_changed()]
        Model.objects.bulk_update(changed, ROW)
        if not self.new.has_changed():
            return len(changed)
        self.new.save()
        return len(changed) + 1

    @property
    def has_errors(self) -> bool:
        # Each is asked, so that all that is wrong is told at once.
        wrong = [form for form in (*self.rows, self.new) if form.errors]
        return bool(wrong)


def shown(text: Any) -> str:
    """On one line, and nothing where there is nothing to see."""
    line = " ".join(str(text).split())
    return line if any(letter.isprintable() and letter != " " for letter in line) else ""


def _posted(data: QueryDict) -> list[UUID]:
    names = [name.removesuffix(POSTED) for name in data if name.endswith(POSTED)]
    found = [_uuid(name) for name in names[:PER_PAGE]]
    return [pk for pk in found if pk]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
