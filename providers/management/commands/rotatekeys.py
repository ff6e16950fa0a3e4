"""Seal every stored key again with the first key of ENCRYPTION_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from providers import secrets
from providers.models import Key, Provider


class Command(BaseCommand):
    help = "Re-seal the providers' keys with the first of ENCRYPTION_KEYS, so that others can go."

    @transaction.atomic
    def handle(self, **options: Any) -> None:
        count = 0
        for key in Key.objects.select_for_update().select_related("provider"):
            if secrets.is_current(bytes(key.sealed)):
                continue
            try:
                key.seal(key.text())
            except secrets.KeyRingError as error:
                raise CommandError(f"{key.provider.name}: {error}") from error
            key.save(update_fields=["sealed"])
            count += 1
        count += self._rotate_logins()
        self.stdout.write(f"{count} keys were sealed again.")

    def _rotate_logins(self) -> int:
        """Those of proxies."""
        count = 0
        for provider in Provider.objects.select_for_update().exclude(sealed_login=b""):
            if secrets.is_current(bytes(provider.sealed_login)):
                continue
            try:
                provider.seal_login(provider.proxy_login())
            except secrets.KeyRingError as error:
                raise CommandError(f"{provider.name}: {error}") from error
            provider.save(update_fields=["sealed_login"])
            count += 1
        return count
