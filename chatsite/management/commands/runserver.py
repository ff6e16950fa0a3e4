"""The site for its developers, which starts anew with each change; its users have `serve`.

daphne's own command, named here: as an installed app daphne is loaded by every command, which
makes each start a third longer.
"""

from daphne.management.commands.runserver import Command

__all__ = ["Command"]
