"""Who may have providers of their own: the holders of one permission."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Q, QuerySet

PERMISSION = "providers.own_provider"


def holders(user: AbstractBaseUser | AnonymousUser) -> QuerySet[AbstractBaseUser]:
    """This user, or nobody. For use within another query, which then costs no further one."""
    return get_user_model().objects.with_perm(PERMISSION).filter(Q(pk=user.pk))


def may_own(user: AbstractBaseUser | AnonymousUser) -> bool:
    return holders(user).exists()
