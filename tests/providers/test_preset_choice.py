import pytest
from django.utils.translation import override

from providers.preset_choice import choice_in, facts_of, groups
from providers.presets import preset_of, presets


def test_every_preset_is_offered_once_among_its_kind() -> None:
    offered = [slug for group in groups() for slug, _name in group.services]
    assert sorted(offered) == sorted(preset.slug for preset in presets())
    assert [group.kind for group in groups()] == ["cloud", "gateway", "local"]


def test_names_are_told_in_the_language_of_the_page() -> None:
    with override("zh-hans"):
        assert ("zhipu", "智谱 GLM") in groups()[0].services
        choice = choice_in({"preset": "relay"})
    assert choice
    assert choice.facts.name.startswith("中转站")


def test_a_chosen_service_fills_name_and_base_url_in() -> None:
    choice = choice_in({"preset": "deepseek"})
    assert choice
    assert choice.initial == {"name": "DeepSeek", "base_url": "https://api.deepseek.com/v1"}
    assert choice.facts.key_host == "platform.deepseek.com"
    assert choice.facts.needs_key


@pytest.mark.parametrize("query", [{}, {"preset": ""}, {"preset": "no-such"}, {"preset": "\0"}])
def test_a_service_that_is_none_is_no_choice(query: dict[str, str]) -> None:
    assert choice_in(query) is None


def test_what_a_base_url_lacks_is_asked_for() -> None:
    choice = choice_in({"preset": "azure"})
    assert choice
    assert [(gap.name, gap.label) for gap in choice.gaps] == [("resource", "resource name")]
    assert (choice.base_url, choice.error) == ("", "")


@pytest.mark.parametrize(
    ("slug", "given", "base_url"),
    [
        ("azure", "mine", "https://mine.openai.azure.com/openai/v1"),
        ("azure", "https://mine.openai.azure.com/", "https://mine.openai.azure.com/openai/v1"),
        ("azure", "mine.openai.azure.com", "https://mine.openai.azure.com/openai/v1"),
        ("relay", "relay.example.com", "https://relay.example.com/v1"),
        ("relay", " https://relay.example.com/v1/ ", "https://relay.example.com/v1"),
        ("relay", "http://10.0.0.3:3000", "http://10.0.0.3:3000/v1"),
    ],
)
def test_what_is_given_completes_the_base_url(slug: str, given: str, base_url: str) -> None:
    gap = "resource" if slug == "azure" else "host"
    choice = choice_in({"preset": slug, gap: given})
    assert choice
    assert (choice.base_url, choice.error) == (base_url, "")


@pytest.mark.parametrize("given", ["a b", "me:secret@x", "x#y", "{0}", "x" * 9000, "\0", "é" * 700])
def test_what_completes_no_base_url_is_refused_in_words(given: str) -> None:
    choice = choice_in({"preset": "relay", "host": given})
    assert choice
    assert choice.base_url == ""
    assert choice.error.endswith(".")


@pytest.mark.parametrize("preset", presets(), ids=lambda preset: preset.slug)
def test_each_service_can_be_chosen(preset: object) -> None:
    slug = preset.slug  # type: ignore[attr-defined]
    choice = choice_in({"preset": slug})
    assert choice
    assert bool(choice.base_url) is not bool(choice.gaps)
    assert 0 < len(choice.facts.name) <= 80


def test_a_service_without_a_page_for_keys_has_no_link() -> None:
    ollama = preset_of("ollama")
    assert ollama
    facts = facts_of(ollama)
    assert (facts.key_url, facts.key_host, facts.needs_key) == ("", "", False)
