"""What stands around messages: people, models, conversations, forms, the doctor's findings."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatsite.models import User
from conversations.models import Conversation, Preset, Prompt
from conversations.rows import Row
from conversations.spending import Spent
from providers.card import Ability, Known
from providers.doctor import Finding, Result, Step
from providers.models import Model, Provider

TITLES = (
    "Why the sky is blue",
    "关于蓝天的一个问题",
    "A title so long that no column holds it " * 2,
)


class SpecimenForm(forms.Form):
    """A field of each kind; it is shown as it was sent with one field wrong."""

    name = forms.CharField(label=_("Name"), help_text=_("What stands under a field helps."))
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("None")), ("a", _("Text"))])
    words = forms.CharField(label=_("Words"), widget=forms.Textarea)
    enabled = forms.BooleanField(label=_("enabled"), required=False)
    wrong = forms.CharField(label=_("Address"))


def refused_form() -> SpecimenForm:
    return SpecimenForm({"name": "Example", "kind": "a", "words": "One.\nTwo.", "wrong": ""})


def person(name: str = "olivia", *, is_staff: bool = False) -> User:
    return User(pk=0, username=name, is_staff=is_staff)


def conversation() -> Conversation:
    return Conversation(pk=_uuid(1), title=TITLES[0], system_prompt="Be brief.")


def spent() -> Spent:
    return Spent("$0.0132", 4210, is_estimate=True)


def rows() -> list[Row]:
    groups = (_("Today"), _("Today"), _("Yesterday"))
    unseen = ("", "", "failed")
    return [
        Row(str(_uuid(at)), title, f"#{at}", group, at == 1, at == 2, "", unseen[at - 1])
        for at, (title, group) in enumerate(zip(TITLES, groups, strict=True), 1)
    ]


def models(count: int = 3) -> list[Model]:
    provider = Provider(pk=_uuid(7), name="Example", base_url="https://api.example.org/v1")
    return [
        Model(pk=_uuid(at), provider=provider, model_id=f"example-{at}0b", name=f"Example {at}0B")
        for at in range(1, count + 1)
    ]


def presets() -> list[Preset]:
    texts = {"system_prompt": "Ask back.", "opening": _("What would you like to learn?")}
    return [
        Preset(pk=_uuid(1), owner_id=0, name="Tutor", model_label="Example 10B", **texts),
        Preset(pk=_uuid(2), name="编辑", letter="文", system_prompt="先指出问题，再修改。"),
    ]


def prompts() -> list[Prompt]:
    return [
        Prompt(pk=_uuid(1), owner_id=0, name="Letter", text="Dear {{who}},\n\n{{what}}"),
        Prompt(pk=_uuid(2), name="翻译", text="把下面的文字译成{{语言}}。"),
    ]


def embedded_model() -> Model:
    return Model(pk=_uuid(9), provider=Provider(name="This server", source="local"), name="Small")


def steps() -> list[Step]:
    told = str(_("What came back, in a sentence."))
    hint = str(_("What to do about it."))
    return [
        Step(str(_("Key")), Finding(Result.GOOD, told), 0.2),
        Step(str(_("Chat")), Finding(Result.NOTED, told, hint), 1.4),
        Step(str(_("Embeddings")), Finding(Result.FAILED, told, hint), 12.0),
    ]


def card() -> dict[str, Any]:
    abilities = [
        Ability(_("Chat"), Known.YES),
        Ability(_("Image input"), Known.NO),
        Ability(_("Embeddings"), Known.YES, "example-embed"),
        Ability(_("Tools"), Known.UNKNOWN),
    ]
    return {"abilities": abilities, "checked_at": timezone.now(), "model_id": "example-10b"}


def _uuid(number: int) -> UUID:
    return UUID(int=number)
