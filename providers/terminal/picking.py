"""The model that a command asks: by its name, or the first that looks fit for the function."""

import re
from enum import Enum

from django.core.management.base import CommandError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from providers.models import Model, Provider


class Function(Enum):
    """How models of this kind are commonly called: the lists of most services tell ids alone."""

    EMBEDDINGS = r"embed|minilm|(^|\W)(bge|gte|e5|m3e)\W"
    IMAGES = r"image|dall-e|flux|diffusion|kolors|cogview|seedream|imagen"
    TRANSCRIPTIONS = r"whisper|transcri|asr|sensevoice|voxtral|(^|\W)stt"
    SPEECH = r"(^|\W)tts|speech(?!.*asr)|(?<!sense)voice|kokoro|orpheus"


def pick_model(function: Function, wanted: str, provider_name: str) -> Model:
    """Of the site's own providers, or of the named one; CommandError if there is none.

    An id that no list has is taken as it is: many services serve models that they do not list.
    """
    providers = _providers(provider_name)
    if wanted:
        return _named(providers, wanted)
    offered = Model.objects.offered().filter(provider__in=providers).select_related("provider")
    fit = re.compile(function.value, re.IGNORECASE)
    if found := next((model for model in offered if fit.search(model.model_id)), None):
        return found
    raise CommandError(
        _("None of the offered models is known to be fit for this. Name one with --model."),
        returncode=2,
    )


def _providers(name: str) -> QuerySet[Provider]:
    enabled = Provider.objects.filter(enabled=True)
    if not name:
        if (shared := enabled.filter(owner=None)).exists():
            return shared
        raise CommandError(_("No provider is set up. Set OPENAI_BASE_URL and OPENAI_API_KEY."))
    # Names are unique for each owner only: the site's own goes first.
    named = enabled.filter(name=name)
    found = named.filter(owner=None).first() or named.first()
    if found is None:
        told = _("There is no provider named %(name)s.") % {"name": name}
        raise CommandError(told, returncode=2)
    return Provider.objects.filter(pk=found.pk)


def _named(providers: QuerySet[Provider], wanted: str) -> Model:
    """Also one that is not offered: what is no model for a chat is often taken off its list."""
    known = Model.objects.filter(provider__in=providers).select_related("provider")
    known = known.order_by("vanished_at", "-enabled", "position", "provider__name", "model_id")
    if found := known.filter(model_id=wanted).first() or known.filter(name=wanted).first():
        return found
    offered = Model.objects.offered().filter(provider__in=providers).first()
    provider = offered.provider if offered else providers.order_by("name")[0]
    return Model(provider=provider, model_id=wanted)
