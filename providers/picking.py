"""Which model is asked: the one that new chats begin with, or one by the name a person types."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q

from providers.models import Model, Provider, UserDefault

MOST_CHOICES = 200


@dataclass(frozen=True, slots=True)
class Choices:
    """What a picker shows of `count` models: the first ones, and those that it must have."""

    models: list[Model]
    default: Model | None
    count: int

    @property
    def are_all(self) -> bool:
        return self.count == len(self.models)


def choices_for(user: AbstractBaseUser, wanted: Sequence[UUID]) -> Choices:
    """Of the models for a chat not many more than MOST_CHOICES, however long the list.

    The default and the `wanted` ones are among them wherever they stand, if they are offered.
    """
    offered = Model.objects.for_user(user).for_chat().select_related("provider")
    picked = _picked_by(user)
    models = list(offered[: MOST_CHOICES + 1])
    count = len(models)
    if count > MOST_CHOICES:
        del models[MOST_CHOICES:]
        count = offered.count()
        needed = Q(pk__in=[pk for pk in (picked, *wanted) if pk]) | Q(is_default=True)
        models += [model for model in offered.filter(needed) if model not in models]
    return Choices(models, _default(picked, models), count)


def default_of(user: AbstractBaseUser, offered: Sequence[Model]) -> Model | None:
    """Of what this user is offered: the model they picked, else the site's; None if neither is."""
    return _default(_picked_by(user), offered)


def remember_default(user: AbstractBaseUser, model: Model) -> None:
    """This user's new chats begin with it from now on."""
    UserDefault.objects.update_or_create(user_id=user.pk, defaults={"model": model})


def pick_model(user: AbstractBaseUser, wanted: str) -> Model | None:
    """The offered model with this id or name; without one, what a new chat begins with.

    An id that no list has is taken as it is and asked of the first provider: many services serve
    models that they do not list.
    """
    offered = Model.objects.for_user(user).select_related("provider")
    if not wanted:
        chats = list(offered.for_chat())
        return default_of(user, chats) or next(iter(chats), None)
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


def _picked_by(user: AbstractBaseUser) -> UUID | None:
    return UserDefault.objects.filter(user_id=user.pk).values_list("model_id", flat=True).first()


def _default(picked: UUID | None, offered: Sequence[Model]) -> Model | None:
    own = (model for model in offered if model.pk == picked)
    sites = (model for model in offered if model.is_default)
    return next(own, None) or next(sites, None)
