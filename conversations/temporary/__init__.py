"""Chats that only a page has: each turn brings all that was said before, and nothing of it is
stored here but what the turn cost."""
