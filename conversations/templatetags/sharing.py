"""`{% sharing_is_on as may_share %}`: whether a page offers to share a chat."""

from django import template

from conversations.sharing import is_on

register = template.Library()
register.simple_tag(is_on, name="sharing_is_on")
