from django.urls import path

from providers.views import asking, catalogue, editing

app_name = "providers"

urlpatterns = [
    path("", editing.index, name="list"),
    path("new/", editing.new, name="new"),
    path("<uuid:provider_id>/", editing.edit, name="edit"),
    path("<uuid:provider_id>/delete/", editing.delete, name="delete"),
    path("<uuid:provider_id>/models/", catalogue.save, name="models"),
    path("<uuid:provider_id>/fetch/", asking.fetch, name="fetch"),
    path("<uuid:provider_id>/check/", asking.check, name="check"),
]
