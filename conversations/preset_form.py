"""The form of a preset, a user's own or the site's: what it is called, and how a chat begins."""

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.forms import TextField
from conversations.models import Preset
from providers.models import Model
from providers.parameter_form import ParameterForm, shown
from providers.parameters import Parameters
from providers.picking import MOST_CHOICES

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Preset]
else:
    _ModelForm = forms.ModelForm

OPENING_HELP = gettext_lazy(
    "Stands over the message box of a new chat. It is only shown there: the model does not get it."
)
DEFAULT = gettext_lazy("The default model")
NOT_ALL = gettext_lazy(
    "Not every model is listed. Pick it in a chat, and make a preset of that chat."
)


class PresetForm(_ModelForm, ParameterForm):
    """`user` None is the site: what everybody may ask is offered for a preset of everybody's."""

    system_prompt = TextField(
        label=gettext_lazy("System prompt"),
        help_text=gettext_lazy("What every answer in the chat keeps in mind."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )

    class Meta:
        model = Preset
        fields = ("name", "letter", "model", "system_prompt", "opening")
        labels = {  # noqa: RUF012 - Django's own way
            "name": gettext_lazy("Name"),
            "letter": gettext_lazy("Letter"),
            "model": gettext_lazy("Model"),
            "opening": gettext_lazy("Opening message"),
        }
        help_texts = {  # noqa: RUF012
            "letter": gettext_lazy("Stands for it as an icon. Empty: the first one of the name."),
            "opening": OPENING_HELP,
        }
        widgets = {  # noqa: RUF012
            "name": forms.TextInput(attrs={"dir": "auto"}),
            "letter": forms.TextInput(attrs={"size": 2, "autocomplete": "off"}),
            "opening": forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        }

    def __init__(self, *args: Any, user: AbstractBaseUser | None = None, **kwargs: Any) -> None:
        given = kwargs.get("instance") or Preset()
        begins = shown(Parameters.from_mapping(given.parameters))
        kwargs["initial"] = {**begins, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        offered = Model.objects.for_user(user) if user else Model.objects.for_everybody()
        self._offer(offered, self.initial.get("model") or given.model_id)

    def _offer(self, offered: Any, wanted: Any) -> None:
        """Any that is offered may be chosen, and the one that it has may stay; of very many models
        the first ones are listed."""
        field = cast("forms.ModelChoiceField[Model]", self.fields["model"])
        may_be = Q(pk__in=offered.values("pk")) | Q(pk=self.instance.model_id)
        field.queryset = Model.objects.filter(may_be)
        chats = offered.for_chat().select_related("provider")
        listed = list(chats[: MOST_CHOICES + 1])
        helps = [str(NOT_ALL)] if len(listed) > MOST_CHOICES else []
        del listed[MOST_CHOICES:]
        if wanted:
            allowed = field.queryset.filter(pk=wanted).select_related("provider")
            listed += allowed.exclude(pk__in=[each.pk for each in listed])
            helps += [] if allowed else _not_offered(wanted)
        field.help_text = " ".join(helps)
        field.choices = [("", DEFAULT), *_grouped(listed)]

    @property
    def about(self) -> list[BoundField]:
        return [self[name] for name in self.fields if name not in ParameterForm.base_fields]

    @property
    def sampling(self) -> list[BoundField]:
        return [self[name] for name in ParameterForm.base_fields]

    @property
    def is_sampling_open(self) -> bool:
        """Folded away while nothing of it is set or wrong."""
        return any(field.errors or field.value() not in (None, "") for field in self.sampling)

    def clean_letter(self) -> str:
        return str(self.cleaned_data["letter"]).strip()

    def clean(self) -> dict[str, Any]:
        # Django's form of a model does not ask the form beside it.
        super().clean()
        return ParameterForm.clean(self)

    def save(self, commit: bool = True) -> Preset:
        self.instance.ask(self.cleaned_data["model"], self.parameters.to_wire())
        return super().save(commit)


def _not_offered(wanted: Any) -> list[str]:
    """Said of a model that a chat or another preset had."""
    words = _("%(model)s is not offered now. Pick another model.")
    known = Model.objects.filter(pk=wanted).select_related("provider")
    return [words % {"model": each} for each in known]


def _grouped(models: list[Model]) -> Iterator[tuple[str, list[tuple[Any, str]]]]:
    """By their services."""
    models = sorted(models, key=lambda model: model.provider.name)
    for name, group in groupby(models, key=lambda model: model.provider.name):
        yield name, [(model.pk, str(model)) for model in group]
