"""The ledger's rows are made as for the desk."""

from tests.chatsite.desk.conftest import enter

__all__ = ["enter"]
