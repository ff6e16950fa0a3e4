"""A database that an earlier version made, under the site as it is now."""

from pathlib import Path

import aiohttp
import pytest

from tests import site
from tests.faults.visitor import NAME, PASSWORD, Asked, Visitor
from tests.terminal import python

KEY = "sk-a-key-of-the-first-version"
# Made with the models as they were then, at the very first state that there is.
EARLIER = f"""
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from providers import secrets
executor = MigrationExecutor(connection)
others = [("admin", None), ("auth", None), ("contenttypes", None), ("sessions", None)]
first = [(app, "0001_initial") for app in ("chatsite", "providers", "conversations")]
first += [node for node in executor.loader.graph.leaf_nodes() if (node[0], None) in others]
executor.migrate(first)
apps = executor.loader.project_state(first).apps
rows = lambda app, name: apps.get_model(app, name).objects
ada = rows("chatsite", "User").create(
    username="{NAME}", password=make_password("{PASSWORD}"), is_staff=True, is_superuser=True)
provider = rows("providers", "Provider").create(name="Relay", base_url="http://127.0.0.1:1/v1")
provider.sealed_key = secrets.seal("{KEY}", str(provider.pk))
provider.save()
model = rows("providers", "Model").create(provider=provider, model_id="m")
chat = rows("conversations", "Conversation").create(title="A title 标题", owner=ada, model=model)
for number, state in enumerate(["complete", "stopped", "running"]):
    asked = rows("conversations", "Message").create(
        conversation=chat, role="user", content=f"question {{number}}", parent=chat.leaf)
    chat.leaf = rows("conversations", "Message").create(
        conversation=chat, role="assistant", content=f"answer {{number}} 答", parent=asked,
        model=model)
    rows("conversations", "Generation").create(
        message=chat.leaf, state=state, runner="gone", lease_until=timezone.now())
    print(chat.pk, chat.leaf.pk)
chat.save()
"""
OPENS = "from providers.models import Key; print(Key.objects.get().text())"


@pytest.fixture
def answers(tmp_path: Path) -> list[Asked]:
    """Of the first version, in the order in which they were asked for."""
    return [Asked(*line.split()) for line in python(tmp_path, EARLIER).splitlines()]


async def test_what_the_first_version_kept_is_all_there(
    tmp_path: Path, answers: list[Asked]
) -> None:
    jar = aiohttp.DummyCookieJar()
    async with (
        site.in_thread(site.running(tmp_path)) as running,
        aiohttp.ClientSession(cookie_jar=jar) as http,
    ):
        visitor = Visitor(http)
        await visitor.log_in(running.url)
        texts = [await visitor.text(running.url, each) for each in answers]
        # The one that was being written has nobody any more.
        assert await visitor.until_ended(running.url, answers[-1], 20) == "interrupted"
        address = f"{running.url}c/{answers[0].conversation}/"
        async with http.get(address, headers=visitor.headers(running.url)) as answer:
            page = await answer.text()
    assert texts == [f"answer {number} 答" for number in range(3)]
    assert [f"question {number}" in page for number in range(3)] == [True] * 3
    assert "A title 标题" in page
    assert python(tmp_path, OPENS) == KEY
