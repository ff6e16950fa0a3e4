"""The model that a command asks: by its name, or the one that is fittest for the function."""

import re
from enum import Enum

from django.contrib.auth.models import AbstractBaseUser
from django.core.management.base import CommandError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from providers.models import Model, Provider


class Function(Enum):
    """The capability that a model needs, and how models of this kind are commonly called: the
    lists of most services tell ids alone."""

    EMBEDDINGS = "embeddings", r"embed|minilm|(^|\W)(bge|gte|e5|m3e)\W"
    IMAGES = "image_output", r"image|dall-e|flux|diffusion|kolors|cogview|seedream|imagen"
    TRANSCRIPTIONS = "audio_input", r"whisper|transcri|asr|sensevoice|voxtral|(^|\W)stt"
    SPEECH = "audio_output", r"(^|\W)tts|speech(?!.*asr)|(?<!sense)voice|kokoro|orpheus"

    @property
    def capability(self) -> str:
        return self.value[0]

    def is_told_by(self, model_id: str) -> bool:
        return bool(re.search(self.value[1], model_id, re.IGNORECASE))


def pick_model(
    user: AbstractBaseUser, function: Function, wanted: str, provider_name: str
) -> Model:
    """Of the providers that this user has, or the named one of them; CommandError if none is fit.

    An id that no list has is taken as it is: many services serve models that they do not list.
    """
    providers = _providers(user, provider_name)
    if wanted:
        return _named(user, providers, wanted)
    offered = _offered(user, providers).select_related("provider")
    ranked = [(rank, model) for model in offered if (rank := _rank(model, function)) is not None]
    if ranked:
        return min(ranked, key=lambda each: each[0])[1]
    raise CommandError(
        _("None of the offered models is known to be fit for this. Name one with --model."),
        returncode=2,
    )


def _rank(model: Model, function: Function) -> tuple[int, bool] | None:
    """Lower is fitter, None is not fit. What is stored of a model says more than what it is
    called; what chats as well may do the rest in its chats alone."""
    says = model.capabilities.get(function.capability)
    is_called_so = function.is_told_by(model.model_id)
    if says is False or not (says or is_called_so):
        return None
    if says and not model.capabilities.get("chat"):
        return 0, not is_called_so
    return (1, False) if is_called_so else (2, False)


def _offered(user: AbstractBaseUser, providers: QuerySet[Provider]) -> QuerySet[Model]:
    return Model.objects.for_user(user).filter(provider__in=providers)


def _providers(user: AbstractBaseUser, name: str) -> QuerySet[Provider]:
    enabled = Provider.objects.for_user(user)
    if not name:
        if enabled.exists():
            return enabled
        raise CommandError(_("No provider is set up. Set OPENAI_BASE_URL and OPENAI_API_KEY."))
    # Names are unique for each owner only: the site's own goes first.
    named = enabled.filter(name=name)
    found = named.filter(owner=None).first() or named.first()
    if found is None:
        told = _("There is no provider named %(name)s.") % {"name": name}
        raise CommandError(told, returncode=2)
    return Provider.objects.filter(pk=found.pk)


def _named(user: AbstractBaseUser, providers: QuerySet[Provider], wanted: str) -> Model:
    """Also one that is not offered: what is no model for a chat is often taken off its list."""
    known = Model.objects.filter(provider__in=providers).select_related("provider")
    known = known.order_by("vanished_at", "-enabled", "position", "provider__name", "model_id")
    if found := known.filter(model_id=wanted).first() or known.filter(name=wanted).first():
        return found
    offered = _offered(user, providers).first()
    provider = offered.provider if offered else providers.order_by("name")[0]
    return Model(provider=provider, model_id=wanted)
