from datetime import timedelta

from django.utils import timezone

from chatsite.models import User
from conversations.generation import store
from conversations.models import Generation, Message
from conversations.models.generation import State
from tests.chats import a_model, asked


def test_a_run_whose_process_has_gone_is_interrupted(olivia: User) -> None:
    sent = asked(olivia, a_model())
    Message.objects.filter(pk=sent.answer.pk).update(content="so far")
    Generation.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert store.interrupt_abandoned() == 1
    assert Generation.objects.get().state == State.INTERRUPTED
    assert Message.objects.get(pk=sent.answer.pk).content == "so far"


def test_a_run_that_is_alive_is_left_alone(olivia: User) -> None:
    asked(olivia, a_model())
    assert store.interrupt_abandoned() == 0


def test_a_run_that_slept_with_its_machine_goes_on(olivia: User) -> None:
    sent = asked(olivia, a_model())
    Generation.objects.update(lease_until=timezone.now() - timedelta(hours=1))
    assert store.interrupt_abandoned(alive=[sent.answer.pk]) == 0


def test_only_a_run_that_is_alive_keeps_its_lease(olivia: User) -> None:
    sent = asked(olivia, a_model())
    Generation.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    store.checkpoint([], alive=[])
    assert Generation.objects.abandoned(timezone.now()).exists()
    store.checkpoint([], alive=[sent.answer.pk])
    assert not Generation.objects.abandoned(timezone.now()).exists()
