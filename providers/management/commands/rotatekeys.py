"""Seal every stored key again with the first key of ENCRYPTION_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from providers import secrets
from providers.models import Provider


class Command(BaseCommand):
    help = "Re-seal the providers' keys with the first of ENCRYPTION_KEYS, so that others can go."

    @transaction.atomic
    def handle(self, **options: Any) -> None:
        count = 0
        for provider in Provider.objects.select_for_update().exclude(sealed_key=b""):
            if secrets.is_current(bytes(provider.sealed_key)):
                continue
            try:
                key = secrets.unseal(bytes(provider.sealed_key), str(provider.pk))
            except secrets.KeyRingError as error:
                raise CommandError(f"{provider.name}: {error}") from error
            provider.sealed_key = secrets.seal(key, str(provider.pk))
            provider.save(update_fields=["sealed_key"])
            count += 1
        self.stdout.write(f"{count} keys were sealed again.")
