"""What an administrator keeps for everybody; what users keep for themselves is not shown."""

import pytest
from django.test import Client

from chatsite.models import User
from conversations.models import Preset, Prompt
from providers.models import Provider
from tests.chats import a_model
from tests.library import a_preset, a_prompt

DESK = "/admin/conversations"


def test_a_preset_for_everybody_is_made_at_the_desk(as_ada: Client, olivia: User) -> None:
    model = a_model()
    fields = {"name": "House", "model": str(model.pk), "temperature": "0.5"}
    as_ada.post(f"{DESK}/preset/add/", fields)
    made = Preset.objects.for_user(olivia).get()
    assert (made.owner, made.model, made.model_label) == (None, model, str(model))
    assert made.parameters == {"temperature": 0.5}


def test_what_is_out_of_range_is_refused_at_the_desk_too(as_ada: Client) -> None:
    page = as_ada.post(f"{DESK}/preset/add/", {"name": "House", "top_p": "2"}).content.decode()
    assert "Enter a number from 0 to 1." in page


def test_only_what_everybody_may_ask_is_offered_for_it(as_ada: Client, ada: User) -> None:
    own = Provider.objects.create(name="Mine", base_url="https://a.test/v1", owner=ada)
    mine, shared = own.models.create(model_id="mine"), a_model()
    page = as_ada.get(f"{DESK}/preset/add/").content.decode()
    assert str(shared.pk) in page
    assert str(mine.pk) not in page


def test_a_prompt_for_everybody_is_made_at_the_desk(as_ada: Client, olivia: User) -> None:
    as_ada.post(f"{DESK}/prompt/add/", {"name": "Letter", "text": "Dear {{who}}"})
    assert Prompt.objects.for_user(olivia).get().text == "Dear {{who}}"


@pytest.mark.parametrize("kind", ["preset", "prompt"])
def test_a_users_own_are_nobody_s_to_see_at_the_desk(
    as_ada: Client, olivia: User, kind: str
) -> None:
    entry = (a_preset if kind == "preset" else a_prompt)(olivia, "Only hers")
    for address in ("", f"{entry.pk}/change/", f"{entry.pk}/delete/", f"{entry.pk}/history/"):
        page = as_ada.get(f"{DESK}/{kind}/{address}", follow=True).content.decode()
        assert "Only hers" not in page
