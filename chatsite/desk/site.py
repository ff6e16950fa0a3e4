"""The desk itself: its sections, its first page, and the pages that belong to no single table."""

from dataclasses import dataclass
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chatsite.desk.glance import glance
from chatsite.desk.usage_page import MAY_SEE_USAGE, usage_csv, usage_page

# By the names of their models, in the order of their use; what is not here comes after.
USAGE = "usage"
ORDER = (
    "Provider",
    "Model",
    USAGE,
    "User",
    "Group",
    "SignupRequest",
    "Announcement",
    "Suggestions",
    "Preset",
    "Prompt",
    "Call",
    "Generation",
)


@dataclass(frozen=True, slots=True)
class Section:
    name: Promise | str
    url: str
    is_here: bool


class Desk(AdminSite):
    site_header = site_title = gettext_lazy("Chatsite administration")
    index_title = gettext_lazy("Overview")
    # The sections stand at the head of each page instead.
    enable_nav_sidebar = False

    def get_urls(self) -> list[Any]:
        own: list[URLPattern] = [
            path("usage/", self.admin_view(usage_page), name="usage"),
            path("usage/csv/", self.admin_view(usage_csv), name="usage_csv"),
        ]
        return [*own, *super().get_urls()]

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        return super().index(request, {**(extra_context or {}), "glance": glance(request.user)})

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        return {**context, "sections": _sections(request, context["available_apps"])}


def _sections(request: HttpRequest, apps: list[dict[str, Any]]) -> list[Section]:
    """Those that this user may look at."""
    models = [model for app in apps for model in app["models"] if model["admin_url"]]
    named = [(model["object_name"], model["name"], model["admin_url"]) for model in models]
    if request.user.has_perm(MAY_SEE_USAGE):
        named.append((USAGE, _("Usage"), reverse("admin:usage")))
    named.sort(key=lambda each: _place(each[0]))
    first = Section(_("Overview"), index := reverse("admin:index"), request.path == index)
    rest = [Section(name, url, request.path.startswith(url)) for _key, name, url in named]
    return [first, *rest]


def _place(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)
