"""What a user is told about a preset, before anything is asked of the service."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from providers.presets import Kind

KINDS: dict[Kind, Promise] = {
    Kind.CLOUD: _("Services"),
    Kind.GATEWAY: _("Relays and gateways"),
    Kind.LOCAL: _("On your own machines"),
}

PLACEHOLDERS: dict[str, Promise] = {
    "resource": _("resource name"),
    "host": _("host name"),
}

NOTES: dict[str, Promise] = {
    "anthropic": _("Through its OpenAI-compatible address, which does not return reasoning."),
    "azure": _("The model id is the name of your deployment; add your deployments by hand."),
    "compatible": _("Enter the base URL from the documentation of the service."),
    "dashscope": _("For keys of the Beijing region. Keys that begin with sk-sp- do not fit."),
    "dashscope-intl": _("For keys of the Singapore region. Keys of other regions do not fit."),
    "fastchat": _("It never reports tokens for streamed answers; they are estimated."),
    "litellm": _("Enter your proxy's address, and a key that your proxy gave out."),
    "llama.cpp": _("Start llama-server first."),
    "lmstudio": _("Start the server in LM Studio first."),
    "moonshot": _("For keys from platform.kimi.ai. Keys of the mainland site do not fit."),
    "moonshot-cn": _("For keys from platform.kimi.com. Keys of the international site do not fit."),
    "ollama": _("A cold model may take minutes before its first word."),
    "relay": _(
        "Enter the address that the station gave you, with or without /v1. "
        "Keys are made on its token page."
    ),
    "siliconflow": _("For keys from siliconflow.com. Keys of the mainland site do not fit."),
    "siliconflow-cn": _("For keys from siliconflow.cn. Keys of the international site do not fit."),
    "zai": _("For pay-as-you-go keys. Keys of a coding plan have an address of their own."),
    "zhipu": _("For pay-as-you-go keys. Keys of a coding plan have an address of their own."),
}
