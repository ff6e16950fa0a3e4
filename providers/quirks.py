"""What a model's service refuses, remembered with the model: see `adaptation`."""

from collections.abc import Collection

from providers.models import Model


def learn(model: Model | None, names: Collection[str]) -> None:
    """Keep the names of adaptations beside those that are known; most answers teach nothing."""
    if model is None or not names:
        return
    known = Model.objects.select_for_update().filter(pk=model.pk).first()
    if known and not set(names) <= set(known.learnt):
        known.learnt = sorted({*known.learnt, *names})
        known.save(update_fields=["learnt"])
