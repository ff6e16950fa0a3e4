"""The search index, made anew from what is stored, while the site runs."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from conversations.models import Conversation, Message, SearchEntry
from conversations.search.index import fill
from conversations.search.tables import complete


class Command(BaseCommand):
    help = "Make the search index anew. Of use after messages were written past the program."

    def handle(self, **options: Any) -> None:
        complete(connection)
        # Entries of messages that are gone go with them; what is left is replaced.
        entries, made = SearchEntry.objects.all(), 0
        for count in fill(entries, Conversation.objects.all(), Message.objects.all()):
            made += count
            if self.stdout.isatty():
                self.stdout.write(f"\r{made}", ending="")
        self.stdout.write(f"{made} entries are in the index.")
