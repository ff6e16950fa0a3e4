"""The parameters of a chat, on a page of their own: all optional, and sent only if set."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from conversations.access import conversation_for
from conversations.views.requests import UserRequest, signed_in
from providers.parameter_form import ParameterForm
from providers.parameters import Parameters


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
    context = {"conversation": conversation, "form": form}
    return render(request, "parameters.html", context, status=422 if form.errors else 200)
