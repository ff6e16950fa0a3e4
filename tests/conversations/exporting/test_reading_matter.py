"""A conversation to be read elsewhere: Markdown, HTML, and archives of them."""

import io
import zipfile

import pytest

from chatsite.models import User
from conversations.exporting import as_html, as_markdown
from conversations.exporting.walking import conversations_of
from conversations.exporting.zipping import file_name, zipped
from conversations.models import Conversation, Message, Picture
from tests.chats import a_conversation, add_turn

ATTACK = "<script>alert(1)</script><img src=//evil.example/x onerror=alert(2)>"


@pytest.fixture
def chat(olivia: User) -> Conversation:
    found = a_conversation(olivia, f"Title {ATTACK}")
    found.system_prompt = f"prompt {ATTACK}"
    answer = add_turn(found, f"question {ATTACK}", f"**bold** {ATTACK}\n\n![x](//evil.example/y)")
    answer.keep(reasoning=f"thought {ATTACK}", model_name=f"model {ATTACK}")
    Picture.objects.create(message=answer, number=0, data=b"data", media_type="image/png")
    found.show(leaf=answer, model=None)
    return found


def test_html_holds_all_of_it_and_asks_nobody_for_anything(chat: Conversation) -> None:
    page = "".join(as_html.document(chat))
    assert "<strong>bold</strong>" in page
    assert "data:image/png;base64,ZGF0YQ==" in page
    assert not any(
        sign in page for sign in ("<script", "<link", "<img src=//", 'src="http', "@import")
    )


def test_html_has_a_policy_of_its_own_that_lets_no_script_in(chat: Conversation) -> None:
    page = "".join(as_html.document(chat))
    assert 'http-equiv="Content-Security-Policy"' in page
    assert "default-src &#x27;none&#x27;" in page


def test_markdown_has_who_said_what(chat: Conversation) -> None:
    text = "".join(as_markdown.document(chat))
    assert text.startswith("# Title ")
    assert "## You · " in text
    assert "> thought" in text
    assert "**bold**" in text


def test_only_the_branch_in_view_is_in_it(chat: Conversation) -> None:
    answer = Message.objects.get(conversation=chat, role="assistant")
    Message.objects.create(
        conversation=chat, parent=answer.parent, role="assistant", content="the other one"
    )
    assert "the other one" not in "".join(as_markdown.document(chat))


def test_an_archive_has_a_file_for_each(olivia: User, chat: Conversation) -> None:
    a_conversation(olivia, "Second", turns=1)
    data = b"".join(zipped(conversations_of(olivia), as_markdown.document, ".md"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == 2
        assert all(name.endswith(".md") for name in archive.namelist())


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("../../etc/passwd", "etc passwd"),
        ('a/b\\c:d*e?f"g<h>i|j', "a b c d e f g h i j"),
        ("\x00\n", "chat"),
        ("潮汐", "潮汐"),
        ("x" * 200, "x" * 60),
    ],
)
def test_a_title_becomes_a_name_that_every_system_takes(title: str, name: str) -> None:
    assert file_name(title) == name
