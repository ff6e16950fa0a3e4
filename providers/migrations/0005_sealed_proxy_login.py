"""A proxy's user name and password are sealed as keys are, and out of its address."""

from typing import Any

from django.db import migrations, models

from providers import secrets
from providers.endpoint import split_login, with_login


def seal_logins(apps: Any, editor: Any) -> None:
    providers = apps.get_model("providers", "Provider").objects.using(editor.connection.alias)
    for provider in providers.filter(proxy__contains="@"):
        provider.proxy, login = split_login(provider.proxy)
        provider.sealed_login = secrets.seal(login, _row(provider))
        provider.save(update_fields=["proxy", "sealed_login"])


def open_logins(apps: Any, editor: Any) -> None:
    providers = apps.get_model("providers", "Provider").objects.using(editor.connection.alias)
    for provider in providers.exclude(sealed_login=b""):
        login = secrets.unseal(bytes(provider.sealed_login), _row(provider))
        provider.proxy = with_login(provider.proxy, login)
        provider.save(update_fields=["proxy"])


def _row(provider: Any) -> str:
    return f"proxy of {provider.pk}"


class Migration(migrations.Migration):
    dependencies = [("providers", "0004_model_learnt_at")]

    operations = [
        migrations.AddField(
            model_name="provider",
            name="sealed_login",
            field=models.BinaryField(blank=True, default=b""),
        ),
        migrations.RunPython(seal_logins, open_logins),
    ]
