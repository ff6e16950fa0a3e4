from chatsite.models import User
from conversations.branch import PAGE, branch_ids, branch_lines, branch_page
from conversations.models import Generation
from conversations.models.generation import State
from conversations.sending import retry
from tests.chats import a_conversation, a_model, asked


def test_a_branch_is_the_path_from_the_root_to_the_leaf(olivia: User) -> None:
    conversation = a_conversation(olivia, turns=3)
    texts = [line.text for line in branch_lines(conversation, branch_ids(conversation)[-1])]
    assert texts == ["question 0", "answer 0", "question 1", "answer 1", "question 2", "answer 2"]


def test_an_answer_that_was_retried_is_not_on_the_branch(olivia: User) -> None:
    model = a_model()
    first = asked(olivia, model)
    Generation.objects.all().move(State.FAILED)
    again = retry(first.answer, model)
    assert branch_ids(again.conversation) == [first.question.pk, again.answer.pk]


def test_a_long_conversation_comes_in_pages(olivia: User) -> None:
    conversation = a_conversation(olivia, turns=PAGE)
    newest, earlier = branch_page(conversation)
    assert (len(newest), newest[-1].content) == (PAGE, f"answer {PAGE - 1}")
    older, none = branch_page(conversation, before=earlier)
    assert (older[0].content, none) == ("question 0", None)


def test_an_empty_conversation_has_an_empty_branch(olivia: User) -> None:
    assert branch_page(a_conversation(olivia)) == ([], None)
