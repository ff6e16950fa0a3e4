import pytest

from providers.messages import ChatRequest, Image, Message, Text, ToolCall

URL = "data:image/png;base64,AA=="


@pytest.mark.parametrize("content", ["hi", (Text("hi"),)], ids=["text", "part"])
def test_without_an_image_the_content_is_plain_text(content: str | tuple[Text, ...]) -> None:
    assert Message("user", content).to_wire() == {"role": "user", "content": "hi"}


def test_several_texts_are_one_paragraph_each() -> None:
    assert Message("user", (Text("a"), Text("b"))).to_wire()["content"] == "a\n\nb"


def test_with_an_image_the_content_is_its_parts_in_order() -> None:
    assert Message("user", (Text("see"), Image(URL), Text("?"))).to_wire()["content"] == [
        {"type": "text", "text": "see"},
        {"type": "image_url", "image_url": {"url": URL}},
        {"type": "text", "text": "?"},
    ]


def test_the_text_of_a_message_is_there_without_its_images() -> None:
    assert Message("user", (Text("see"), Image(URL))).text == "see"
    assert Message("user", "hi").text == "hi"


def test_half_characters_stay_behind() -> None:
    content = (Text("a\ud83d\x00"), Image(URL))
    assert Message("user", content).to_wire()["content"][0]["text"] == "a\ufffd"


def test_a_call_and_its_result_go_back_as_they_came() -> None:
    call = Message("assistant", "", (ToolCall("c1", "now", '{"zone": "UTC"}'),))
    result = Message("tool", "12:00", call_id="c1")
    assert call.to_wire()["tool_calls"] == [
        {
            "id": "c1",
            "type": "function",
            "function": {"name": "now", "arguments": '{"zone": "UTC"}'},
        }
    ]
    assert result.to_wire() == {"role": "tool", "content": "12:00", "tool_call_id": "c1"}


@pytest.mark.parametrize("name", ["model", "messages", "stream"])
def test_parameters_cannot_replace_the_request_itself(name: str) -> None:
    request = ChatRequest("m", (Message("user", "hi"),), {name: "x"})
    assert request.to_wire(stream=False) == {
        "model": "m",
        "messages": [{"role": "user", "content": "hi"}],
        "stream": False,
    }


def test_only_a_stream_asks_for_its_usage() -> None:
    request = ChatRequest("m", ())
    assert request.to_wire(stream=True)["stream_options"] == {"include_usage": True}
    assert "stream_options" not in request.to_wire(stream=False)


def test_an_image_is_not_in_a_log() -> None:
    assert "AA==" not in repr(Message("user", (Image(URL),)))
