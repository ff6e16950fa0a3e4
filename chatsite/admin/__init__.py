"""People, those who ask to be let in, and what the site says to all, for administrators."""

from chatsite.admin.announcements import AnnouncementAdmin
from chatsite.admin.people import GroupsAdmin, PeopleAdmin
from chatsite.admin.signups import SignupRequestAdmin
from chatsite.admin.suggestions import SuggestionsAdmin

__all__ = [
    "AnnouncementAdmin",
    "GroupsAdmin",
    "PeopleAdmin",
    "SignupRequestAdmin",
    "SuggestionsAdmin",
]
