"""What an administrator lets a group or a single user have, other than the site's own limits."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

# Of each field: empty leaves it to the groups, and these to the site's own.
FIELDS = ("runs", "messages_per_minute", "mb_per_day", "sockets")


class LimitsQuerySet(models.QuerySet["Limits"]):
    def of_user(self, user_id: int) -> "LimitsQuerySet":
        """The user's own, and those of each group of the user."""
        return self.filter(Q(user=user_id) | Q(group__in=Group.objects.filter(user=user_id)))


class Limits(models.Model):
    """Of one user or of one group. In each field 0 is no limit, and empty says nothing."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="limits",
        verbose_name=_("user"),
    )
    group = models.OneToOneField(
        Group,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="limits",
        verbose_name=_("group"),
    )
    runs = models.PositiveIntegerField(_("answers at once"), null=True, blank=True)
    messages_per_minute = models.PositiveIntegerField(_("messages a minute"), null=True, blank=True)
    mb_per_day = models.PositiveIntegerField(_("megabytes a day"), null=True, blank=True)
    sockets = models.PositiveIntegerField(_("open pages"), null=True, blank=True)

    objects = LimitsQuerySet.as_manager()

    class Meta:
        verbose_name = _("limits")
        verbose_name_plural = _("limits")
        constraints = (
            models.CheckConstraint(
                condition=Q(user=None, group__isnull=False) | Q(user__isnull=False, group=None),
                name="limits_of_one",
            ),
        )

    def __str__(self) -> str:
        return str(self.user or self.group or "")
