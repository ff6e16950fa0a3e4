"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from django.views.i18n import set_language

from chatsite import health, installing
from chatsite.accounts.login import Login, Logout
from chatsite.accounts.own_data import delete, take_along
from chatsite.accounts.setup import setup
from chatsite.accounts.signup import signup
from chatsite.announcements import close
from chatsite.metrics import metrics
from chatsite.palette.view import palette
from chatsite.preferences.appearance import appearance
from chatsite.preferences.shortcut_page import shortcuts
from chatsite.preferences.titles import titles
from chatsite.shared.address import nothing
from chatsite.shared.going_on import go_on
from chatsite.shared.lock import unlock
from chatsite.shared.reading import picture, read
from chatsite.usage.page import usage, usage_csv

urlpatterns = [
    path("accounts/login/", Login.as_view(), name="login"),
    path("accounts/logout/", Logout.as_view(), name="logout"),
    path("accounts/language/", set_language, name="language"),
    path("accounts/signup/", signup, name="signup"),
    path("announcements/<int:pk>/close/", close, name="close_announcement"),
    path("accounts/appearance/", appearance, name="appearance"),
    path("accounts/data/", take_along, name="account_data"),
    path("accounts/data/delete/", delete, name="delete_data"),
    path("shortcuts/", shortcuts, name="shortcuts"),
    path("titles/", titles, name="titles"),
    path("usage/", usage, name="usage"),
    path("usage/csv/", usage_csv, name="usage_csv"),
    path("palette/", palette, name="palette"),
    path("s/<str:token>/", read, name="shared"),
    path("s/<str:token>/unlock/", unlock, name="shared_unlock"),
    path("s/<str:token>/continue/", go_on, name="shared_continue"),
    path("s/<str:token>/images/<int:message>/<int:number>/", picture, name="shared_picture"),
    re_path(r"^s/(?P<token>[\s\S]*)/$", nothing),
    path("setup/", setup, name="setup"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("manifest/<slug:language>.webmanifest", installing.manifest, name="manifest"),
    path("favicon.ico", installing.icon, {"name": "favicon.ico"}),
    path("apple-touch-icon.png", installing.icon, {"name": "apple-touch-icon.png"}),
    # The admin's own log-in page counts no failures.
    path("admin/login/", RedirectView.as_view(pattern_name="login", query_string=True)),
    path("admin/", admin.site.urls),
    path("styleguide/", include("chatsite.styleguide.urls", namespace="styleguide")),
    path("providers/", include("providers.urls", namespace="providers")),
    path("", include("conversations.urls", namespace="conversations")),
]

handler404 = "chatsite.errors.not_found"
handler500 = "chatsite.errors.server_error"
