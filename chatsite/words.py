"""The tags of Django's library i18n, of which `translate` looks up fixed words once per language.

A chat's page has some six hundred of them, a fifth of its processor's time (measured on a page of
40 messages): Django asks for each anew what it is in the language of the page.
"""

from typing import Any, cast

from django import template
from django.template.base import FilterExpression, Parser, Token, Variable
from django.template.context import Context
from django.templatetags import i18n
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()
register.tags = dict(i18n.register.tags)
register.filters = dict(i18n.register.filters)


class FixedWords(template.Node):
    """What `node` is in each language; with a name, put into the context under that."""

    child_nodelists = ()

    def __init__(self, node: i18n.TranslateNode) -> None:
        self._node = node
        self._said: dict[str | None, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        language = get_language()
        said = self._said.get(language)
        if said is None:
            said = self._said[language] = self._looked_up(context)
        if not self._node.asvar:
            return said
        context[self._node.asvar] = said
        return SafeString("")

    def _looked_up(self, context: Context) -> SafeString:
        words = self._node.render(context)
        return cast("SafeString", context[self._node.asvar] if self._node.asvar else words)


@register.tag("trans")
@register.tag("translate")
def translate(parser: Parser, token: Token) -> template.Node:
    node = i18n.do_translate(parser, token)
    return FixedWords(node) if _is_fixed(node) else node


def _is_fixed(node: i18n.TranslateNode) -> bool:
    """Whether it is the same wherever it stands: words, and no variable, filter or noop."""
    contexts = [node.message_context] if node.message_context else []
    return not node.noop and all(map(_is_literal, [node.filter_expression, *contexts]))


def _is_literal(expression: FilterExpression) -> bool:
    var: Any = expression.var
    text = var.literal if isinstance(var, Variable) else var
    return isinstance(text, str) and not expression.filters
