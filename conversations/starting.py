"""What a new chat begins with: the preset that was chosen, and the text of a saved prompt."""

import json
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser

from conversations.access import entry_for
from conversations.models import Preset, Prompt
from conversations.page import Context

# Beside an empty composer; the page of presets has them all.
FEW = 6


@dataclass(frozen=True, slots=True)
class Shown:
    """The presets to choose from on an empty chat."""

    presets: list[Preset]
    are_all: bool


def preset_for(user: AbstractBaseUser, preset_id: UUID | None) -> Preset:
    return entry_for(Preset.objects.for_user(user), preset_id)


def choices_of(user: AbstractBaseUser) -> Shown:
    found = Preset.objects.for_user(user).in_order().only("name", "letter")
    presets = list(found[: FEW + 1])
    return Shown(presets[:FEW], len(presets) <= FEW)


def begun_with(preset: Preset, page: Context) -> Context:
    """What the page of a new chat shows with it, besides the model that `page` has picked."""
    picked = page["selected_model"]
    asks = bool(preset.parameters)
    asked = preset.model_id is not None and picked is not None and picked.pk == preset.model_id
    return {
        "preset": preset,
        "lacks_model": bool(preset.model_label) and not asked,
        # Whoever picks another one here means this chat, not all that begin later.
        "begins_with": None if preset.model_label else page["begins_with"],
        # The page sends both along, so that the chat has its own copy.
        "system_prompt": preset.system_prompt or page.get("system_prompt", ""),
        "parameters": json.dumps(preset.parameters, ensure_ascii=False) if asks else "",
    }


def written(draft: str, user: AbstractBaseUser, prompt_id: UUID | None) -> str:
    """The composer's text with a saved prompt in it, after what stands there already."""
    prompt = entry_for(Prompt.objects.for_user(user), prompt_id)
    return after(draft, prompt.text)


def after(draft: str, text: str) -> str:
    return "\n\n".join(filter(None, [draft.rstrip(), text]))
