"""conversations.json of ChatGPT."""

from datetime import UTC, datetime

from conversations.importing.values import Reason
from tests.conversations.importing.files import chatgpt, node, said, source, zipped


def test_a_chat_comes_with_title_times_and_both_sides() -> None:
    found = source([chatgpt(node("user", "hello"), node("assistant", "hi"))])
    assert (found.title, found.key) == ("A chat", "chatgpt:c-1")
    assert found.created_at == datetime(2023, 11, 14, 22, 13, 20, 500000, UTC)
    assert said(found) == [("user", "hello"), ("assistant", "hi")]


def test_the_archive_holds_it() -> None:
    archive = zipped(user_json={"id": "u"}, conversations_json=[chatgpt(node("user", "hello"))])
    assert said(source(archive)) == [("user", "hello")]


def test_every_branch_comes_and_the_one_in_view_stays() -> None:
    answers = [node("assistant", text, key=text, parent="n1") for text in ("first", "second")]
    found = source([chatgpt(node("user", "q"), *answers, current_node="first")])
    assert [message.parent for message in found.messages] == ["", "n1", "n1"]
    assert found.leaf == "first"


def test_what_the_service_hides_is_passed_over_in_silence() -> None:
    hidden = node("user", "secret", metadata={"is_visually_hidden_from_conversation": True})
    call = node("assistant", "print(1)", recipient="python")
    found = source([chatgpt(hidden, node("user", "q"), call, node("assistant", "a"))])
    assert said(found) == [("user", "q"), ("assistant", "a")]
    assert found.left_out == {}


def test_messages_of_tools_are_left_out_and_what_follows_hangs_from_what_stood_before() -> None:
    found = source([chatgpt(node("user", "q"), node("tool", "1"), node("assistant", "a"))])
    assert [message.parent for message in found.messages] == ["", "n1"]
    assert found.left_out == {Reason.TOOL: 1}


def test_thoughts_and_parts_of_an_answer_become_one() -> None:
    thoughts = {"content_type": "thoughts", "thoughts": [{"summary": "s", "content": "hm"}]}
    thinking = {**node("assistant"), "content": thoughts}
    slug = {"model_slug": "o3"}
    parts = [node("assistant", "one", metadata=slug), node("assistant", "two", metadata=slug)]
    found = source([chatgpt(node("user", "q"), thinking, *parts)])
    answer = found.messages[-1]
    assert (answer.text, answer.reasoning, answer.model_name) == ("one\n\ntwo", "hm", "o3")
    assert found.leaf == answer.id


def test_images_are_counted_and_their_words_kept() -> None:
    image = {"content_type": "image_asset_pointer", "asset_pointer": "file-service://x"}
    asked = node("user")
    asked["content"] = {"content_type": "multimodal_text", "parts": [image, "what is this?"]}
    found = source([chatgpt(asked)])
    assert said(found) == [("user", "what is this?")]
    assert found.left_out == {Reason.ATTACHMENT: 1}


def test_a_system_message_becomes_the_system_prompt() -> None:
    found = source([chatgpt(node("system", "be brief"), node("user", "q"))])
    assert found.system_prompt == "be brief"
