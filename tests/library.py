"""Presets and saved prompts of the tests, made by plain functions; without an owner the site's."""

from chatsite.models import User
from conversations.models import Preset, Prompt


def a_preset(owner: User | None = None, name: str = "Tutor", **fields: object) -> Preset:
    preset = Preset(owner=owner, name=name, **fields)
    preset.ask(preset.model, preset.parameters)
    preset.save()
    return preset


def a_prompt(
    owner: User | None = None, name: str = "Summary", text: str = "Sum this up.", **fields: object
) -> Prompt:
    return Prompt.objects.create(owner=owner, name=name, text=text, **fields)
