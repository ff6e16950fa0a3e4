"""Words of templates, looked up once per language."""

import pytest
from django.template import Context, Template, engines
from django.template.backends.django import DjangoTemplates
from django.utils.translation import override


def said(template: Template, language: str, **context: object) -> str:
    with override(language):
        return template.render(Context(context))


def shown(text: str) -> Template:
    return Template("{% load i18n %}" + text)


@pytest.mark.parametrize("words", ['"Save"', "'Save'"])
def test_fixed_words_are_those_of_the_language_they_are_asked_in(words: str) -> None:
    template = shown("{% translate " + words + " %}")
    asked = [said(template, language) for language in ("zh-hans", "en", "zh-hans", "en")]
    assert asked == ["保存", "Save", "保存", "Save"]


def test_a_name_has_them_in_each_language() -> None:
    template = shown("{% translate 'Save' as word %}<b>{{ word }}</b>")
    asked = [said(template, language) for language in ("en", "zh-hans", "en")]
    assert asked == ["<b>Save</b>", "<b>保存</b>", "<b>Save</b>"]


def test_words_of_one_meaning_are_not_those_of_another() -> None:
    template = shown("{% translate 'Pin' %} {% translate 'Pin' context 'a message' %}")
    assert len(set(said(template, "zh-hans").split())) == 2


def test_what_a_variable_holds_is_looked_up_each_time() -> None:
    template = shown("{% translate word %}")
    asked = [said(template, "zh-hans", word=word) for word in ("Save", "Cancel")]
    assert asked == ["保存", "取消"]


def test_what_a_filter_makes_of_them_stays_escaped() -> None:
    template = shown("{% translate '<Save>'|upper %} {% translate word %}")
    assert said(template, "en", word="<i>") == "&lt;SAVE&gt; &lt;i&gt;"


def test_what_is_not_to_be_translated_is_not() -> None:
    assert said(shown("{% translate 'Save' noop %}"), "zh-hans") == "Save"


def test_no_other_library_is_put_in_the_place_of_one() -> None:
    [engine] = engines.all()
    assert isinstance(engine, DjangoTemplates)
    [told] = engine.check()
    assert "'i18n'" in told.msg


def test_percent_signs_are_single() -> None:
    assert said(shown("{% translate '100%' %}"), "en") == "100%"
