"""Entering what a command called; what a chat calls is entered with the end of its answer."""

from django.contrib.auth.models import AbstractBaseUser

from providers.billing import bill
from providers.errors import UpstreamError
from providers.events import Usage
from providers.models import Call, Kind, Model, Outcome


def enter(
    user: AbstractBaseUser,
    model: Model,
    kind: Kind,
    seconds: float,
    *,
    route: str = "",
    usage: Usage | None = None,
    error: UpstreamError | None = None,
) -> None:
    Call.objects.create(
        user_id=user.pk,
        # A model that no list has is in no table.
        model=None if model._state.adding else model,
        model_name=str(model),
        route=route,
        kind=kind,
        outcome=Outcome.FAILED if error else Outcome.COMPLETE,
        error_kind=error.kind if error else "",
        seconds=seconds,
        **bill(model, usage).figures(),
    )
