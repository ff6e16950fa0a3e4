from django.test import Client

from chatsite.models import User
from conversations.models import Conversation
from conversations.sending import send
from providers.adaptation import Adaptation
from providers.quirks import learn
from tests.chats import a_conversation, a_model, a_question


def address(conversation: Conversation) -> str:
    return f"{conversation.get_absolute_url()}parameters/"


def test_what_is_set_is_kept_and_shown_again(as_olivia: Client, olivia: User) -> None:
    conversation = a_conversation(olivia)
    as_olivia.post(address(conversation), {"temperature": "0.5", "stop": "END"})
    conversation.refresh_from_db()
    assert conversation.parameters == {"temperature": 0.5, "stop": ["END"]}
    assert 'value="0.5"' in as_olivia.get(address(conversation)).content.decode()


def test_what_is_out_of_range_is_refused_with_the_range(as_olivia: Client, olivia: User) -> None:
    conversation = a_conversation(olivia)
    response = as_olivia.post(address(conversation), {"temperature": "3"})
    assert response.status_code == 422
    assert "Enter a number from 0 to 2." in response.content.decode()


def test_what_is_set_is_sent_and_nothing_else(olivia: User) -> None:
    conversation = a_conversation(olivia)
    conversation.set_parameters({"max_tokens": 100})
    sent = send(olivia, a_question(a_model()), conversation)
    assert sent.order is not None
    assert sent.order.request.params == {"max_tokens": 100}


def test_a_stranger_s_parameters_are_not_there(as_sam: Client, olivia: User) -> None:
    conversation = a_conversation(olivia)
    assert as_sam.get(address(conversation)).status_code == 404
    assert as_sam.post(address(conversation), {"temperature": "1"}).status_code == 404


def test_what_the_model_is_not_sent_is_told_beside_it(as_olivia: Client, olivia: User) -> None:
    conversation = a_conversation(olivia)
    told = "Not sent to "
    conversation.model = a_model()
    conversation.save()
    assert told not in as_olivia.get(address(conversation)).content.decode()
    learn(conversation.model, [Adaptation.NO_TOP_P])
    page = as_olivia.get(address(conversation)).content.decode()
    assert page.count(told) == 1
    assert page.index('name="top_p"') < page.index(told) < page.index('name="max_tokens"')
