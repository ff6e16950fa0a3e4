"""A user's own usage: what was asked in their name and what it cost, and nothing of others."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from chatsite.usage.report import report, shown
from chatsite.usage.table import csv_of
from conversations.views.requests import UserRequest, signed_in


@require_safe
@signed_in
def usage(request: UserRequest) -> HttpResponse:
    """`/usage/?by=day|model|conversation&first=…&last=…`."""
    figures = shown(report(request.GET, request.user))
    return render(request, "usage.html", {**figures, "csv_url": reverse("usage_csv")})


@require_safe
@signed_in
def usage_csv(request: UserRequest) -> HttpResponse:
    return csv_of(report(request.GET, request.user))
