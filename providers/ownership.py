"""Who may have providers of their own: the holders of one permission."""

from functools import cache

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

PERMISSION = "providers.own_provider"
# Stands for the user in what is put together once; no row has it.
NOBODY = -1

Viewer = AbstractBaseUser | AnonymousUser


def holders(user: Viewer) -> RawSQL:
    """This user's id, or none. For use within another query, which then costs no further one.

    Putting the subquery together takes three times as long as the whole query around it, and each
    question asks it: Django does it once, and only the user differs.
    """
    sql, params = _subquery(connection.vendor)
    return RawSQL(sql, [_id(user) if param == NOBODY else param for param in params])  # noqa: S611


def may_own(user: Viewer) -> bool:
    return _holding(_id(user)).exists()


@cache
def _subquery(_vendor: str) -> tuple[str, tuple[object, ...]]:
    sql, params = _holding(NOBODY).values("pk").query.sql_with_params()
    return sql, params


def _id(user: Viewer) -> int:
    return NOBODY if user.pk is None else int(user.pk)


def _holding(user_id: int) -> QuerySet[AbstractBaseUser]:
    return get_user_model().objects.with_perm(PERMISSION).filter(pk=user_id)
