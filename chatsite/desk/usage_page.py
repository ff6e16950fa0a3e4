"""The page of the whole site's usage and cost, and the same figures as a table."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from chatsite.usage.report import Report, report, shown
from chatsite.usage.table import csv_of

MAY_SEE_USAGE = "providers.view_call"


def usage_page(request: HttpRequest) -> HttpResponse:
    """`?by=day|model|user&first=…&last=…`."""
    figures = shown(_asked_for(request))
    told = {"title": _("Usage and cost"), "csv_url": reverse("admin:usage_csv")}
    return render(request, "admin/usage.html", admin.site.each_context(request) | figures | told)


def usage_csv(request: HttpRequest) -> HttpResponse:
    return csv_of(_asked_for(request))


def _asked_for(request: HttpRequest) -> Report:
    if not request.user.has_perm(MAY_SEE_USAGE):
        raise PermissionDenied
    return report(request.GET)
