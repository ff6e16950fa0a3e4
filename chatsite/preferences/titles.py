"""Whether a model writes the titles of new conversations, and which: each user's own choice."""

from typing import cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from chatsite.models import User
from conversations.aside.titling import EXCERPT
from conversations.models import Titling
from providers.models import Model
from providers.picking import choices_for


class TitlingForm(forms.Form):
    model = forms.ModelChoiceField(
        Model.objects.none(),
        label=_("Titles of new chats are"),
        required=False,
        error_messages={
            "invalid_choice": _("This model is not available any more. Pick another one.")
        },
    )

    def __init__(self, user: AbstractBaseUser, posted: QueryDict | None = None) -> None:
        picked = Titling.objects.filter(user_id=user.pk).values_list("model_id", flat=True).first()
        super().__init__(posted, initial={"model": picked})
        field = cast("forms.ModelChoiceField[Model]", self.fields["model"])
        field.queryset = Model.objects.for_user(user).select_related("provider")
        offered = choices_for(user, [picked] if picked else []).models
        field.choices = [
            ("", _("the first words of the question")),
            *((str(model.pk), _("written by %(model)s") % {"model": model}) for model in offered),
        ]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def titles(request: HttpRequest) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - the one kind that there is
    form = TitlingForm(user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        _keep(user, form.cleaned_data["model"])
        messages.success(request, _("Saved. It counts for chats that begin from now on."))
        return redirect("titles")
    context = {"form": form, "most": EXCERPT}
    return render(request, "titles.html", context, status=422 if form.errors else 200)


def _keep(user: User, model: Model | None) -> None:
    if model:
        Titling.objects.update_or_create(user=user, defaults={"model": model})
    else:
        Titling.objects.filter(user=user).delete()
