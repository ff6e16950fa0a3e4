"""Seal every stored key again with the first key of ENCRYPTION_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from providers import secrets
from providers.models import Key


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
        self.stdout.write(f"{count} keys were sealed again.")
