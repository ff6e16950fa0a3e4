"""People, those who ask to be let in, and what is announced to all, for administrators."""

from chatsite.admin.announcements import AnnouncementAdmin
from chatsite.admin.people import GroupsAdmin, PeopleAdmin
from chatsite.admin.signups import SignupRequestAdmin

__all__ = ["AnnouncementAdmin", "GroupsAdmin", "PeopleAdmin", "SignupRequestAdmin"]
