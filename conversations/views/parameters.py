"""The parameters of a chat, on a page of their own: all optional, and sent only if set."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from conversations.access import conversation_for
from conversations.views.requests import UserRequest, signed_in
from providers.adaptation_words import withheld
from providers.models import Model
from providers.parameter_form import ParameterForm
from providers.parameters import Parameters
from providers.quirks import known_of


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def parameters(request: UserRequest, conversation_id: UUID) -> HttpResponse:
    conversation = conversation_for(request.user, conversation_id)
    if request.method == "POST":
        form = ParameterForm(request.POST)
        if form.is_valid():
            conversation.set_parameters(form.parameters.to_wire())
            return redirect(conversation)
    else:
        form = ParameterForm.showing(Parameters.from_mapping(conversation.parameters))
    if conversation.model_id:
        offered = Model.objects.for_user(request.user).select_related("provider")
        for model in offered.filter(pk=conversation.model_id):
            form.tell(withheld(known_of(model), str(model)))
    context = {"conversation": conversation, "form": form}
    return render(request, "parameters.html", context, status=422 if form.errors else 200)
