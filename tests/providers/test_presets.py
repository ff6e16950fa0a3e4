import json
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

import pytest
from django.utils.translation import override

from providers.adaptation import Adaptation
from providers.endpoint import normalise_base_url
from providers.fakeupstream.cases import RECORDED
from providers.preset_words import KINDS, NOTES, PLACEHOLDERS
from providers.presets import Function, Kind, Preset, preset_for, preset_of, presets

CASES = json.loads(RECORDED.read_text(encoding="utf-8"))
FILLED = {"resource": "res", "host": "relay.example.com"}
# Who sent what the cases hold, and the preset that such a service is set up with.
SENDERS = {
    "openai": ["openai"],
    "azure": ["azure v1"],
    "deepseek": ["deepseek"],
    "dashscope": ["dashscope"],
    "ollama": ["ollama"],
    "anthropic": ["anthropic"],
    "mistral": ["mistral", "mistral/vercel notes"],
    "gemini": ["gemini", "gemini (vertex)"],
    "cohere": ["cohere"],
    "xai": ["xai"],
    "openrouter": ["openrouter"],
    "vllm": ["vllm*"],
    "sglang": ["sglang"],
    "lmstudio": ["lm studio"],
    "fastchat": ["fastchat"],
    "llama.cpp": ["llama.cpp*"],
    "litellm": ["litellm proxy"],
    "groq": ["groq", "groq/openai"],
    "together": ["together"],
    "moonshot": ["moonshot"],
    "zhipu": ["zhipu"],
    "siliconflow": ["siliconflow"],
    "relay": ["one-api*", "new-api", "relay", "9router", "opencode zen*", "kimi-code*"],
    "compatible": [
        "generic",
        "nginx",
        "cloudflare",
        "local servers*",
        "fastapi servers",
        "hugging face TGI",
        "maple-proxy*",
    ],
}
ALL = pytest.mark.parametrize("preset", presets(), ids=lambda preset: preset.slug)


def setups(service: str) -> list[str]:
    return [s for s, names in SENDERS.items() if any(fnmatchcase(service, n) for n in names)]


@pytest.mark.parametrize("service", sorted({case["service"] for case in CASES}))
def test_every_service_of_the_cases_has_a_preset(service: str) -> None:
    [slug] = setups(service)
    assert preset_of(slug)


@pytest.mark.parametrize("slug", SENDERS)
def test_every_service_that_is_offered_has_cases(slug: str) -> None:
    assert any(slug in setups(case["service"]) for case in CASES)


def test_a_service_that_refused_to_count_in_streams_is_not_asked_to() -> None:
    refused = [
        c for c in CASES if "stream_options" in c.get("body", "") and c["http_status"] >= 400
    ]
    refusing = {preset_of(slug) for case in refused for slug in setups(case["service"])}
    asked = {p for p in presets() if Adaptation.NO_STREAM_OPTIONS not in p.adaptations("any")}
    assert len(refusing) == 2
    assert refusing & asked == set()


@ALL
def test_the_base_url_is_its_own_normal_form(preset: Preset) -> None:
    base_url = preset.fill(**{name: FILLED[name] for name in preset.placeholders})
    assert normalise_base_url(base_url) == base_url


@ALL
def test_a_key_goes_to_the_public_network_over_tls_alone(preset: Preset) -> None:
    is_near = urlsplit(preset.base_url).hostname == "localhost"
    assert urlsplit(preset.base_url).scheme == ("http" if is_near else "https")


@ALL
def test_a_key_page_is_https_and_there_where_a_service_gives_keys_out(preset: Preset) -> None:
    is_https = urlsplit(preset.key_url).scheme == "https"
    assert is_https if preset.kind == Kind.CLOUD else is_https or not preset.key_url


@ALL
def test_a_host_of_its_own_is_recognised(preset: Preset) -> None:
    hosts = [f"x{host}" if host.startswith(".") else host for host in preset.hosts]
    found = [preset_for(f"https://{host}/v1") for host in hosts]
    assert found == [preset] * len(hosts)


@ALL
def test_what_a_user_must_fill_in_has_words(preset: Preset) -> None:
    assert set(preset.placeholders) <= set(PLACEHOLDERS)
    assert preset.kind in KINDS


def test_notes_belong_to_presets() -> None:
    assert [slug for slug in NOTES if preset_of(slug) is None] == []


def test_an_order_and_a_slug_belong_to_one_preset() -> None:
    assert [preset.order for preset in presets()] == list(range(len(presets())))
    assert len({preset.slug for preset in presets()}) == len(presets())


@pytest.mark.parametrize(
    ("base_url", "slug"),
    [
        ("https://api.openai.com/v1", "openai"),
        ("https://mine.openai.azure.com/openai/v1", "azure"),
        ("https://mine.services.ai.azure.com/openai/v1", "azure"),
        ("https://api.cohere.com/compatibility/v1", "cohere"),
        ("http://localhost:11434/v1", "ollama"),
        ("http://192.168.1.5:1234/v1", "lmstudio"),
        ("http://[::1]:30000/v1", "sglang"),
    ],
)
def test_a_service_is_recognised_by_its_host(base_url: str, slug: str) -> None:
    assert preset_for(base_url) == preset_of(slug)


@pytest.mark.parametrize(
    "base_url",
    [
        "https://api.openai.com.example.org/v1",
        "https://evilopenai.azure.com/v1",
        "https://example.org:11434/v1",
        "http://localhost:8000/v1",
        "http://localhost/v1",
    ],
)
def test_another_host_is_not_taken_for_a_service(base_url: str) -> None:
    assert preset_for(base_url) is None


def test_a_name_is_told_in_the_language_of_the_page() -> None:
    preset = preset_of("relay")
    assert preset is not None
    assert preset.name_in("zh-hans").startswith("中转站")
    assert preset.name_in("en").startswith("Relay")


def test_what_is_known_before_the_first_refusal_is_told_by_model() -> None:
    openai, mistral = preset_of("openai"), preset_of("mistral")
    assert openai is not None
    assert mistral is not None
    assert Adaptation.DEVELOPER_ROLE in openai.adaptations("o3-mini")
    assert openai.adaptations("gpt-4o") == {Adaptation.MAX_COMPLETION_TOKENS}
    assert Adaptation.NO_STREAM_OPTIONS in mistral.adaptations("any/model")


def test_the_list_of_models_may_want_the_key_elsewhere() -> None:
    anthropic = preset_of("anthropic")
    assert anthropic is not None
    assert anthropic.headers_for_list("sk-1")["x-api-key"] == "sk-1"


@pytest.mark.parametrize(
    "wrong",
    [
        {"functions": ["chat", "dance"]},
        {"kind": "cloudy"},
        {"adapt": {"no_such": ["*"]}},
        {"colour": "red"},
    ],
    ids=str,
)
def test_an_entry_that_is_none_is_refused(wrong: dict[str, object]) -> None:
    right = {"slug": "x", "name": "X", "kind": "cloud", "base_url": "https://x.example/v1"}
    assert Preset.of({**right, "functions": ["chat"]}, 0).functions == {Function.CHAT}
    with pytest.raises((TypeError, ValueError)):
        Preset.of({**right, "functions": ["chat"], **wrong}, 0)


def test_notes_can_be_read_in_english() -> None:
    with override("en"):
        assert all(str(note).endswith(".") for note in NOTES.values())
