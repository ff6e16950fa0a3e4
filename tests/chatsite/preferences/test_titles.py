import pytest
from django.test import Client

from chatsite.models import User
from conversations.models import Titling
from providers.models import Model, Provider
from tests.chats import a_model
from tests.people import may_own_providers

PAGE = "/titles/"


def test_nobody_has_titles_written_unless_they_say_so(as_olivia: Client) -> None:
    page = as_olivia.get(PAGE).content.decode()
    assert '<option value="" selected>the first words of the question</option>' in page
    assert not Titling.objects.exists()


def test_what_is_sent_is_said_beforehand(as_olivia: Client) -> None:
    assert "at most 2000 characters" in as_olivia.get(PAGE).content.decode().replace(",", "")


def test_a_model_is_picked_by_name_and_left_again(as_olivia: Client, olivia: User) -> None:
    model = a_model(name="Small")
    assert as_olivia.post(PAGE, {"model": str(model.pk)}).status_code == 302
    assert Titling.objects.get(user=olivia).model == model
    assert f'<option value="{model.pk}" selected>written by Small' in as_olivia.get(PAGE).text
    as_olivia.post(PAGE, {"model": ""})
    assert not Titling.objects.exists()


def test_of_one_user_it_says_nothing_of_another(as_sam: Client, olivia: User) -> None:
    Titling.objects.create(user=olivia, model=a_model())
    assert '<option value="" selected>' in as_sam.get(PAGE).text
    as_sam.post(PAGE, {"model": ""})
    assert Titling.objects.count() == 1


def test_a_stranger_s_model_cannot_be_picked(as_sam: Client, olivia: User) -> None:
    may_own_providers(olivia)
    own = Provider.objects.create(name="Hers", base_url="http://127.0.0.1:9/v1", owner=olivia)
    model = Model.objects.create(provider=own, model_id="hers")
    assert as_sam.post(PAGE, {"model": str(model.pk)}).status_code == 422
    assert "hers" not in as_sam.get(PAGE).text


@pytest.mark.parametrize("model", ["x", "00000000-0000-0000-0000-000000000000"])
def test_nonsense_is_refused_in_words(as_olivia: Client, model: str) -> None:
    response = as_olivia.post(PAGE, {"model": model})
    assert response.status_code == 422
    assert 'id="id_model_error"' in response.text


def test_nobody_is_sent_to_log_in(client: Client, db: None) -> None:
    assert client.get(PAGE).status_code == 302


def test_the_account_menu_leads_there(as_olivia: Client) -> None:
    assert f'href="{PAGE}"' in as_olivia.get("/").text
