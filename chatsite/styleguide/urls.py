from django.urls import path

from chatsite.styleguide import views

app_name = "styleguide"

urlpatterns = [
    path("", views.components, name="components"),
    path("<slug:slug>/", views.page, name="page"),
]
