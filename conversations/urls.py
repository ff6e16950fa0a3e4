from django.urls import URLPattern, path

from conversations.views import (
    answers,
    catching_up,
    diagrams,
    drafts,
    editing,
    library,
    listing,
    models,
    offline,
    parameters,
    prompts,
    reading,
    search,
    sending,
)

app_name = "conversations"


def _shelf(shelf: library.Shelf) -> list[URLPattern]:
    name, given = shelf.name, {"shelf": shelf}
    return [
        path(f"{name}/", library.index, given, name=name),
        path(f"{name}/new/", library.new, given, name=f"{name}_new"),
        path(f"{name}/<uuid:entry_id>/", library.edit, given, name=f"{name}_edit"),
        path(f"{name}/<uuid:entry_id>/delete/", library.delete, given, name=f"{name}_delete"),
        path(f"{name}/<uuid:entry_id>/restore/", library.restore, given, name=f"{name}_restore"),
    ]


urlpatterns = [
    path("", reading.new, name="new"),
    path("diagram/", diagrams.frame, name="diagram"),
    path("models/", models.index, name="models"),
    path("sw.js", offline.worker, name="worker"),
    path("offline/", offline.page, name="offline"),
    path("offline/chats/", offline.chats, name="offline_chats"),
    path("offline/known/", offline.known, name="offline_known"),
    path("c/", sending.create_or_list, name="create"),
    path("c/", sending.create_or_list, name="list"),
    path("c/draft/", drafts.save, name="new_draft"),
    path("c/<uuid:conversation_id>/draft/", drafts.save, name="draft"),
    path("c/<uuid:conversation_id>/", reading.conversation, name="conversation"),
    path("c/<uuid:conversation_id>/messages/", sending.send_to, name="send"),
    path("c/<uuid:conversation_id>/changes/", catching_up.changes, name="changes"),
    path("c/<uuid:conversation_id>/models/", models.index, name="models_for"),
    path("c/<uuid:conversation_id>/options/", editing.options, name="options"),
    path("c/<uuid:conversation_id>/copy/", offline.copy, name="copy"),
    path("c/<uuid:conversation_id>/writing/", listing.writing, name="writing"),
    path("c/<uuid:conversation_id>/title/", editing.rename, name="rename"),
    path("c/<uuid:conversation_id>/system/", editing.instruct, name="system_prompt"),
    path("c/<uuid:conversation_id>/parameters/", parameters.parameters, name="parameters"),
    path("c/<uuid:conversation_id>/delete/", editing.delete, name="delete"),
    path("c/<uuid:conversation_id>/restore/", editing.restore, name="restore"),
    path("search/", search.search, name="search"),
    path("m/<uuid:message_id>/", reading.place, name="message"),
    path("m/<uuid:message_id>/stop/", answers.stop, name="stop"),
    path("m/<uuid:message_id>/retry/", answers.retry_answer, name="retry"),
    path("m/<uuid:message_id>/continue/", answers.go_on, name="continue"),
    path("m/<uuid:message_id>/text/", reading.text, name="text"),
    path("m/<uuid:message_id>/images/<int:number>/", reading.picture, name="picture"),
    *_shelf(library.PRESETS),
    *_shelf(library.PROMPTS),
    path("prompts/<uuid:prompt_id>/use/", prompts.use, name="prompts_use"),
]
