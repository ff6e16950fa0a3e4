"""Every word of the site in Chinese: the catalogue is whole, and the pages show it."""

import ast
import gettext
import json
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client

from chatsite.models import User
from conversations.frames import foot, gone_frame
from conversations.models import Generation
from conversations.models.generation import State
from providers.models import Provider
from providers.presets import presets
from tests.chats import a_conversation, a_model, add_turn
from tests.site import ROOT

PO = Path("locale/zh_Hans/LC_MESSAGES/django.po")
TEXT = (ROOT / PO).read_text(encoding="utf-8")
CHINESE = {"Accept-Language": "zh-CN,zh;q=0.9"}
SPOKEN = ("title", "aria-label", "placeholder", "data-copied")
# Names, and what the tests themselves wrote.
NOT_ENGLISH = {"Chatsite", "English", "Enter", "KB", "token", "ALLOWED_HOSTS", "Base", "URL"} | {
    "JSON", "HTML", "Markdown", "HTTP", "http", "JavaScript", "Ctrl", "Esc",
    "ada", "olivia", "Scripted"
}  # fmt: skip
# The services that one may choose from are called what they are called.
NOT_ENGLISH |= {
    word for preset in presets() for word in re.findall(r"[A-Za-z_]{2,}", preset.name_in("zh"))
} - {"server"}


def entries(text: str) -> dict[str, str]:
    """msgid -> msgstr of every entry in use."""
    lines = r'((?:".*"\n)+)'
    found = re.findall(
        rf"^msgid {lines}(?:msgid_plural {lines})?msgstr(?:\[0\])? {lines}", f"{text}\n", re.M
    )
    return {_joined(msgid): _joined(msgstr) for msgid, _plural, msgstr in found}


def _joined(lines: str) -> str:
    return "".join(ast.literal_eval(line) for line in lines.splitlines())


CATALOGUE = {msgid: msgstr for msgid, msgstr in entries(TEXT).items() if msgid}


class Words(HTMLParser):
    """The Latin words that a reader of the page sees or is told."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.tag = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tag = tag
        for name, value in attrs:
            # What scripts say stands in data-…, beside names, addresses and keys.
            is_said = name.startswith("data-") and " " in (value or "") and name != "data-keys"
            if value and (name in SPOKEN or is_said):
                self._read(value)

    def handle_data(self, data: str) -> None:
        if self.tag not in ("script", "style"):
            self._read(data)

    def _read(self, text: str) -> None:
        self.found |= set(re.findall(r"[A-Za-z_]{2,}", text))


def english(page: str) -> set[str]:
    return Words(page).found - NOT_ENGLISH


@pytest.fixture
def failed(olivia: User) -> Generation:
    """An answer that failed, in a conversation of Olivia's."""
    conversation = a_conversation(olivia, "标题")
    answer = add_turn(conversation, "问题", "", State.FAILED)
    conversation.show(answer, None)
    Generation.objects.update(error_kind="upstream")
    return Generation.objects.get()


def test_every_string_is_translated() -> None:
    assert [msgid for msgid, msgstr in CATALOGUE.items() if not msgstr] == []
    assert "#, fuzzy" not in TEXT
    assert "#~" not in TEXT


@pytest.mark.parametrize("msgid", [msgid for msgid in CATALOGUE if re.search(r"%\(|%d|<", msgid)])
def test_a_translation_keeps_what_is_filled_in(msgid: str) -> None:
    pattern = r"%\(\w+\)[.\d]*\w|%d|<[^>]*>"
    assert sorted(re.findall(pattern, CATALOGUE[msgid])) == sorted(re.findall(pattern, msgid))


def test_what_is_compiled_is_what_is_written() -> None:
    with (ROOT / PO).with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert {msgid: compiled.gettext(msgid) for msgid in CATALOGUE} == CATALOGUE


def test_every_string_of_the_code_is_in_the_catalogue(tmp_path: Path) -> None:
    for name in ("chatsite", "conversations", "providers", "templates", "locale"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "manage.py", tmp_path)
    arguments = ["--settings", "chatsite.settings", "--locale", "zh_Hans", "--no-location"]
    collect = [sys.executable, "manage.py", "makemessages", *arguments]
    subprocess.run(collect, cwd=tmp_path, check=True)
    collected = entries((tmp_path / PO).read_text(encoding="utf-8"))
    assert set(collected) - {""} == set(CATALOGUE)


@pytest.mark.parametrize(
    "address",
    [
        *("/", "/c/", "/c/?q=无", "/nope", "/admin/", "/admin/providers/provider/add/"),
        *("/providers/", "/providers/new/"),
    ],
)
def test_a_page_has_no_english(as_ada: Client, address: str) -> None:
    a_model()
    page = as_ada.get(address, headers=CHINESE).content.decode()
    assert english(page) == set()


def test_a_failed_answer_has_no_english(as_olivia: Client, failed: Generation) -> None:
    conversation = failed.message.conversation
    for address in (conversation.get_absolute_url(), f"/c/{conversation.pk}/options/"):
        page = as_olivia.get(address, headers=CHINESE).content.decode()
        assert english(page) == set(), address


def test_what_the_socket_sends_has_no_english(failed: Generation, olivia: User) -> None:
    html = foot(failed.message, olivia, "zh-hans")
    assert english(html) == set()
    assert "请重试，或换一个模型。" in html


def test_what_the_socket_says_of_a_deleted_answer_is_chinese() -> None:
    content = json.loads(gone_frame(1, uuid4(), "zh-hans"))["content"]
    assert english(content) == set()
    assert "已被删除" in content


def test_the_pages_of_an_own_provider_have_no_english(as_ada: Client, ada: User) -> None:
    base_url = "https://接口.test/v1"
    own = Provider.objects.create(name="我的", base_url=base_url, owner=ada)
    own.models.create(model_id="模型", context_window=1000)
    for address in ("", "delete/"):
        page = as_ada.get(f"/providers/{own.pk}/{address}", headers=CHINESE).content.decode()
        assert english(page) - {"https", "test", "v", "ID"} == set(), address


@pytest.mark.parametrize("address", ["/accounts/login/", "/setup/"])
def test_the_way_in_has_no_english(client: Client, db: None, address: str) -> None:
    page = client.get(address, headers=CHINESE, follow=True).content.decode()
    assert english(page) == set()


def test_a_refused_password_is_refused_in_chinese(client: Client, ada: User) -> None:
    wrong = {"username": "ada", "password": "wrong"}
    page = client.post("/accounts/login/", wrong, headers=CHINESE).content.decode()
    assert "用户名或密码不正确" in page
    assert english(page) == set()


def test_the_page_for_a_wrong_host_is_chinese_too(client: Client) -> None:
    response = client.get("/", headers={**CHINESE, "Host": "evil.example"})
    page = response.content.decode()
    assert (response.status_code, english(page)) == (400, set())
    assert '<html lang="zh-hans"' in page


def test_the_language_that_was_chosen_is_kept(as_olivia: Client) -> None:
    response = as_olivia.post("/accounts/language/", {"language": "zh-hans"})
    page = as_olivia.get("/", headers={"Accept-Language": "en"}).content.decode()
    assert response.cookies["language"].value == "zh-hans"
    assert '<html lang="zh-hans"' in page


def test_other_languages_get_english(as_olivia: Client) -> None:
    page = as_olivia.get("/", headers={"Accept-Language": "fr"}).content.decode()
    assert '<html lang="en"' in page
