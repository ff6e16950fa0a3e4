"""The providers that the environment gives: made or updated each time the site starts."""

import logging
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import CommandError
from django.db import transaction

from providers import catalogue, local
from providers.endpoint import BadBaseUrl, normalise_base_url, same_host
from providers.errors import UpstreamError
from providers.models import Model, Provider, Source
from providers.models.key import BadKey
from providers.models.model import FIRST, LAST

logger = logging.getLogger(__name__)

NAME_LENGTH = 60
# The place of OPENAI_MODEL, which is offered where the service does not list it.
NAMED = FIRST - 1


def provision_from_environment() -> None:
    """OPENAI_BASE_URL with its models, and the embedded model; the same again changes nothing."""
    _provision_openai()
    _provision_local()


def _provision_openai() -> None:
    if not settings.OPENAI_BASE_URL:
        Provider.objects.filter(source=Source.ENV).update(enabled=False)
        return
    provider = _stored_openai()
    provider.models.filter(position=NAMED).update(position=FIRST, by_hand=False)
    if settings.OPENAI_MODEL:
        _offer(provider, settings.OPENAI_MODEL, position=NAMED, by_hand=True)
    try:
        catalogue.refresh(provider)
    except UpstreamError as error:
        logger.warning("The models of OPENAI_BASE_URL could not be fetched: %s", error.kind)


@transaction.atomic
def _stored_openai() -> Provider:
    base_url = _base_url()
    provider = Provider.objects.filter(source=Source.ENV).first() or Provider(source=Source.ENV)
    if not provider.name or not same_host(provider.base_url, base_url):
        provider.name = _free_name(urlsplit(base_url).netloc[:NAME_LENGTH], provider)
    provider.move_to(base_url)
    provider.enabled = True
    provider.save()
    try:
        provider.set_key(settings.OPENAI_API_KEY)
    except BadKey as error:
        raise CommandError("OPENAI_API_KEY must be one line of plain characters") from error
    return provider


def _base_url() -> str:
    try:
        return normalise_base_url(settings.OPENAI_BASE_URL)
    except BadBaseUrl as error:
        raise CommandError(
            "OPENAI_BASE_URL must be an address that can be asked, "
            "for example https://api.openai.com/v1"
        ) from error


def _free_name(wanted: str, provider: Provider) -> str:
    others = Provider.objects.filter(owner=None, name=wanted).exclude(pk=provider.pk)
    taken = others.exists()
    return f"{wanted} (environment)" if taken else wanted


@transaction.atomic
def _provision_local() -> None:
    if not local.available():
        Provider.objects.filter(source=Source.LOCAL).update(enabled=False)
        return
    provider = Provider.objects.filter(source=Source.LOCAL).first() or Provider(
        source=Source.LOCAL, base_url="local"
    )
    provider.name = provider.name or _free_name("Local", provider)
    provider.enabled = True
    provider.save()
    model = _offer(provider, local.MODEL_ID, position=LAST)
    Model.objects.filter(pk=model.pk).update(
        name=local.NAME, context_window=local.CONTEXT_WINDOW, input_price=0, output_price=0
    )


def _offer(provider: Provider, model_id: str, **fields: object) -> Model:
    model, _made = Model.objects.update_or_create(
        provider=provider, model_id=model_id, defaults={**fields, "vanished_at": None}
    )
    return model
