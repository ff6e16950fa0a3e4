"""What is stored moves on with the tables."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from providers.models import Provider

BEFORE = ("providers", "0004_model_learnt_at")


@pytest.mark.django_db(transaction=True)
def test_a_login_leaves_the_address_of_its_proxy_and_can_come_back() -> None:
    address = "http://me:s3cret@proxy.lan:3128"
    Provider.objects.create(name="Plain", base_url="https://a.example/v1", proxy="http://p.lan:1")
    provider = Provider(name="Secret", base_url="https://b.example/v1")
    provider.set_proxy(address)
    provider.save()
    MigrationExecutor(connection).migrate([BEFORE])
    with connection.cursor() as cursor:
        cursor.execute("SELECT proxy FROM providers_provider ORDER BY name")
        assert [row[0] for row in cursor.fetchall()] == ["http://p.lan:1", address]
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    provider.refresh_from_db()
    assert (provider.proxy, provider.endpoints()[0].proxy) == ("http://proxy.lan:3128", address)
