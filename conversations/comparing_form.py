"""Which models are asked at once, and side by side."""

from typing import Any

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext_lazy as _

from conversations.compared import LEAST, MOST
from providers.models import Model

NOT_SO_MANY = _("Pick two to four models to compare.")
GONE = _("This model is not available any more. Pick another one.")


class ModelsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """A list of models that the user may ask, as they were posted; of none by default."""

    def __init__(self, **kwargs: Any) -> None:
        messages = {"invalid_choice": GONE, "invalid_pk_value": GONE}
        super().__init__(Model.objects.none(), required=False, error_messages=messages, **kwargs)

    def clean(self, value: Any) -> Any:
        found = {str(model.pk): model for model in super().clean(value)}
        posted = dict.fromkeys(str(each).lower() for each in value or ())
        return [found[pk] for pk in posted if pk in found]


class SeveralField(ModelsField):
    """None of them, or as many as are compared."""

    def clean(self, value: Any) -> Any:
        models = super().clean(value)
        if models and not LEAST <= len(models) <= MOST:
            raise forms.ValidationError(NOT_SO_MANY)
        return models


class BesideForm(forms.Form):
    """The models that answer as well; none where those that have answered are to be compared."""

    compare = ModelsField()

    def __init__(self, user: AbstractBaseUser, *args: Any) -> None:
        super().__init__(*args)
        offer(user, self)

    def models(self) -> list[Model]:
        picked: list[Model] = self.cleaned_data["compare"]
        return picked


def offer(user: AbstractBaseUser, form: forms.Form) -> None:
    field = form.fields["compare"]
    if isinstance(field, ModelsField):
        field.queryset = Model.objects.for_user(user).select_related("provider")
