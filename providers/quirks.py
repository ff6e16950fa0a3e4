"""What the service of a model refuses: known of the service, and learnt and kept with the model."""

from collections.abc import Collection
from datetime import timedelta
from functools import reduce

from django.utils import timezone

from providers import lessons
from providers.adaptation import Adaptation, with_learnt
from providers.models import Model
from providers.models.model import ModelQuerySet
from providers.presets import preset_for

# Services change, and what one of them said may have been for that moment. To be refused once
# more costs a moment; to leave out for ever what was set costs what it was set for.
BELIEVED = timedelta(days=1)


def known_of(model: Model) -> frozenset[Adaptation]:
    """What is learnt goes over what is known of the service."""
    preset = preset_for(model.provider.base_url)
    known = preset.adaptations(model.model_id) if preset else frozenset()
    return reduce(with_learnt, _stored(model), known)


def learn(model: Model | None, learnt: Collection[Adaptation]) -> None:
    """Keep it beside what is known; most answers teach nothing."""
    if model is None or not learnt:
        return
    kept = Model.objects.select_for_update().filter(pk=model.pk).first()
    if kept is None:
        return
    known = reduce(with_learnt, learnt, frozenset(_stored(kept)))
    kept.learnt = sorted(known)
    kept.learnt_at = timezone.now()
    kept.save(update_fields=["learnt", "learnt_at"])


def forget(models: ModelQuerySet) -> None:
    """The next request to each is sent as it was meant; other processes take a minute for it."""
    for model in models.select_related("provider"):
        for base_url in model.provider.base_urls:
            lessons.forget((base_url, model.model_id))
    models.update(learnt=[], learnt_at=None)


def _stored(model: Model) -> list[Adaptation]:
    if model.learnt_at is None or timezone.now() - model.learnt_at > BELIEVED:
        return []
    # A later version may have stored what this one does not know.
    return [Adaptation(name) for name in model.learnt if name in set(Adaptation)]
