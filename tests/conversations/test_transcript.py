from conversations.transcript import Line, assemble, estimate_tokens
from providers.messages import Message

HISTORY = [Line("user", "one"), Line("assistant", "two"), Line("user", "and why?")]


def test_the_list_is_the_system_prompt_then_every_message_in_order() -> None:
    assert assemble("Be brief.", HISTORY) == (
        Message("system", "Be brief."),
        Message("user", "one"),
        Message("assistant", "two"),
        Message("user", "and why?"),
    )


def test_without_a_system_prompt_none_is_sent() -> None:
    assert assemble("", HISTORY)[0] == Message("user", "one")


def test_texts_are_sent_byte_for_byte() -> None:
    text = "  two\n\n\t  spaces \u202e 中文 🎉  \n"
    assert assemble("", [Line("user", text)])[0].content == text


def test_an_answer_without_a_word_is_left_out() -> None:
    lines = [Line("user", "a"), Line("assistant", ""), Line("user", "b")]
    assert [message.content for message in assemble("", lines)] == ["a", "b"]


def test_without_a_known_window_nothing_is_left_out() -> None:
    lines = [Line("user", "x" * 4000)] * 99
    assert len(assemble("", lines)) == 99


def test_the_oldest_turns_go_first_when_the_window_is_full() -> None:
    lines = [Line("user", "a" * 400), Line("assistant", "b" * 400), Line("user", "c")]
    assert [m.content for m in assemble("", lines, context_window=200)] == ["c"]


def test_what_is_kept_begins_with_a_question() -> None:
    lines = [Line("user", "a" * 400), Line("assistant", "b"), Line("user", "c")]
    assert assemble("", lines, context_window=100)[0] == Message("user", "c")


def test_the_system_prompt_survives_every_trim() -> None:
    lines = [Line("user", "a" * 4000), Line("assistant", "b"), Line("user", "c")]
    assert assemble("Be brief.", lines, context_window=100)[0] == Message("system", "Be brief.")


def test_the_last_question_is_sent_though_it_alone_is_too_long() -> None:
    assert len(assemble("", [Line("user", "a" * 4000)], context_window=100)) == 1


def test_an_estimate_counts_bytes_so_that_chinese_is_not_underrated() -> None:
    assert estimate_tokens(Message("user", "数据库")) > estimate_tokens(Message("user", "abc"))
