"""The tags of a user: made by naming them on a chat, gone when they are deleted."""

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from conversations.models import Tag
from conversations.models.tag import NAME_LENGTH
from conversations.search.terms import fold
from conversations.titles import visible

MOST_TAGS = 100


class TooManyTags(Exception):
    def __init__(self) -> None:
        super().__init__(
            _("You have %(most)d tags already. Delete one first.") % {"most": MOST_TAGS}
        )


def tags_of(user: AbstractBaseUser) -> list[Tag]:
    return list(Tag.objects.for_user(user))


def tag_named(user: AbstractBaseUser, name: str) -> Tag:
    """The user's tag of this name, which nothing of case, accents or width makes another one; made
    if there is none. Raises TooManyTags, and ValueError for a name of nothing."""
    shown = tag_name(name)
    if not shown:
        raise ValueError(name)
    if found := known_tag(user, shown):
        return found
    if Tag.objects.for_user(user).count() >= MOST_TAGS:
        raise TooManyTags
    tag, _made = Tag.objects.get_or_create(
        owner_id=user.pk, folded=fold(shown), defaults={"name": shown}
    )
    return tag


def known_tag(user: AbstractBaseUser, name: str) -> Tag | None:
    return Tag.objects.for_user(user).filter(folded=fold(tag_name(name))).first()


def tag_name(name: str) -> str:
    """Without the sign that some write before it; '' where nothing is left."""
    return visible(name.strip().lstrip("#＃"))[:NAME_LENGTH].strip()
