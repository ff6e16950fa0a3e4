"""Each user's own shortcuts: changed, switched off, and nobody else's."""

import pytest
from django.test import Client

from chatsite.models import User
from chatsite.preferences.shortcuts import SHORTCUTS, shortcuts_of

KEYS = {each.name: each.key for each in SHORTCUTS}
MAC = {"User-Agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"}


def keys_of(user: User) -> dict[str, str]:
    user.refresh_from_db()
    return {each.name: each.key for each in shortcuts_of(user)}


def test_no_two_have_the_same_key_to_begin_with() -> None:
    assert len(set(KEYS.values())) == len(KEYS)


def test_a_changed_key_is_the_user_s_own(as_olivia: Client, olivia: User, sam: User) -> None:
    response = as_olivia.post("/shortcuts/", {**KEYS, "new": "Ctrl+Alt+N"})
    assert response.status_code == 302
    assert keys_of(olivia) == {**KEYS, "new": "Mod+Alt+n"}
    assert keys_of(sam) == KEYS


def test_only_what_differs_is_stored(as_olivia: Client, olivia: User) -> None:
    as_olivia.post("/shortcuts/", {**KEYS, "new": ""})
    olivia.refresh_from_db()
    assert olivia.shortcuts == {"new": ""}


def test_all_are_switched_off_and_set_back(as_olivia: Client, olivia: User) -> None:
    as_olivia.post("/shortcuts/", {**KEYS, "all": "off"})
    assert set(keys_of(olivia).values()) == {""}
    as_olivia.post("/shortcuts/", {"all": "reset"})
    assert keys_of(olivia) == KEYS


@pytest.mark.parametrize(
    ("key", "words"),
    [("Hyper+X", "No key is called so"), ("Ctrl+T", "The browser keeps"), ("/", "Two have this")],
)
def test_a_key_that_would_not_do_is_refused_with_words(
    as_olivia: Client, olivia: User, key: str, words: str
) -> None:
    response = as_olivia.post("/shortcuts/", {**KEYS, "new": key})
    assert (response.status_code, keys_of(olivia)) == (422, KEYS)
    assert words in response.content.decode()


def test_a_page_knows_the_keys_of_its_user(as_olivia: Client, olivia: User) -> None:
    olivia.shortcuts = {"new": "Mod+Alt+n"}
    olivia.save()
    page = as_olivia.get("/").content.decode()
    assert "Mod+Alt+n" in page
    assert "data-mac" not in page


def test_a_mac_is_told_its_own_keys(as_olivia: Client) -> None:
    assert 'value="⌘K"' in as_olivia.get("/shortcuts/", headers=MAC).content.decode()
    assert "data-mac" in as_olivia.get("/", headers=MAC).content.decode()


def test_what_another_version_stored_harms_nothing(as_olivia: Client, olivia: User) -> None:
    olivia.shortcuts = {"new": "Hyper+X", "gone": "g", "copy": 5}
    olivia.save()
    assert as_olivia.get("/shortcuts/").status_code == 200
    assert keys_of(olivia) == KEYS


def test_a_dialog_gets_the_list_alone(as_olivia: Client) -> None:
    page = as_olivia.get("/shortcuts/", headers={"HX-Request": "true"}).content.decode()
    assert "<kbd>Ctrl+K</kbd>" in page
    assert "<form" not in page


def test_nobody_is_led_to_the_log_in(client: Client, db: None) -> None:
    assert client.get("/shortcuts/")["Location"] == "/accounts/login/?next=/shortcuts/"
    assert client.post("/shortcuts/", KEYS)["Location"].startswith("/accounts/login/")
