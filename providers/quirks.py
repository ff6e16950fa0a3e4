"""What the service of a model refuses: known of the service, and learnt and kept with the model."""

from collections.abc import Collection
from functools import reduce

from providers.adaptation import Adaptation, with_learnt
from providers.models import Model
from providers.presets import preset_for


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
    if known != frozenset(_stored(kept)):
        kept.learnt = sorted(known)
        kept.save(update_fields=["learnt"])


def _stored(model: Model) -> list[Adaptation]:
    # A later version may have stored what this one does not know.
    return [Adaptation(name) for name in model.learnt if name in set(Adaptation)]
