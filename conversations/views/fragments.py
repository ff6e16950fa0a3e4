"""Answers to htmx: several parts of the page in one body, each with its target."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


def partial(target: str, swap: str, content: SafeString | str) -> SafeString:
    """One `<hx-partial>`; `content` is escaped unless a template has made it safe."""
    return format_html(
        '<hx-partial hx-target="{}" hx-swap="{}">{}</hx-partial>', target, swap, content
    )


def part(
    request: HttpRequest, target: str, swap: str, template: str, context: Mapping[str, Any]
) -> SafeString:
    return partial(target, swap, render_to_string(template, dict(context), request))


def answer(*parts: SafeString, status: int = 200) -> HttpResponse:
    return HttpResponse(format_html_join("", "{}", ((p,) for p in parts)), status=status)
