"""A model by the name a person types."""

from django.contrib.auth.models import AbstractBaseUser

from providers.models import Model, Provider


def pick_model(user: AbstractBaseUser, wanted: str) -> Model | None:
    """The offered model with this id or name, else the first one.

    An id that no list has is taken as it is and asked of the first provider: many services serve
    models that they do not list.
    """
    offered = Model.objects.for_user(user).select_related("provider")
    if not wanted:
        return offered.for_chat().first()
    found = offered.filter(model_id=wanted).first() or offered.filter(name=wanted).first()
    if found:
        return found
    first = offered.first()
    provider = first.provider if first else Provider.objects.for_user(user).first()
    if provider is None:
        return None
    unlisted, _made = Model.objects.get_or_create(
        provider=provider, model_id=wanted, defaults={"enabled": False}
    )
    return unlisted
