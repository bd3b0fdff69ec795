"""Addresses of the publications: those below /{lang}/ and those that stay the same in every language."""

from django.urls import path
from django.views.generic import RedirectView

from publications.views import (
    collections,
    completing,
    depositing,
    describing,
    events,
    exports,
    files,
    my_work,
    organisations,
    people,
    profile,
    records,
    tokens,
    topic_files,
    topics,
)

app_name = "publications"

urlpatterns = [
    path("records/", RedirectView.as_view(pattern_name="search:search", query_string=True), name="records"),
    path("records/<str:pid>/", records.record, name="record"),
    path("records/<str:pid>/versions/", records.versions, name="versions"),
    path("records/<str:pid>/pages/<int:file>/thumbnail.webp", files.thumbnail, name="thumbnail"),
    path("records/<str:pid>/pages/<int:file>/<int:number>/<int:width>.webp", files.page_image, name="page_image"),
    path("records/<str:pid>/<str:name>", files.download, name="file"),
    path("deposit/", depositing.drop, name="deposit"),
    path("deposit/queue/", depositing.queue, name="deposit_queue"),
    path("deposit/complete/<str:kind>/", completing.complete, name="complete"),
    path("deposit/<str:pid>/", describing.describe, name="describe"),
    path("deposit/<str:pid>/state/", depositing.state, name="deposit_state"),
    path("deposit/<str:pid>/preview/", describing.preview, name="deposit_preview"),
    path("deposit/<str:pid>/files/", describing.add, name="add_file"),
    path("deposit/<str:pid>/files/<int:number>/take-out/", describing.take_away, name="take_away_file"),
    path("deposit/<str:pid>/another-work/", depositing.another_work, name="another_work"),
    path("deposit/<str:pid>/new-version-of/", depositing.new_version_of, name="new_version_of"),
    path("deposit/<str:pid>/throw-away/", depositing.throw_away, name="throw_away"),
    path("deposit/<str:pid>/take-back/", describing.take_deposit_back, name="take_back"),
    path("my/", my_work.my_work, name="my_work"),
    path("my/<str:pid>/new-version/", my_work.new_version, name="new_version"),
    path("my/<str:pid>/withdraw/", my_work.ask_withdrawal, name="ask_withdrawal"),
    path("people/", people.people, name="people"),
    path("people/<slug:slug>/", people.person, name="person"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/<slug:slug>/", organisations.organisation, name="organisation"),
    path("events/", events.events, name="events"),
    path("events/<slug:slug>/", events.event, name="event"),
    path("topics/", topics.topics, name="topics"),
    path("topics/<slug:slug>/", topics.topic, name="topic"),
    path("collections/", collections.collections, name="collections"),
    path("collections/<slug:slug>/", collections.collection, name="collection"),
    path("my/profile/", profile.profile, name="profile"),
    path("my/tokens/", tokens.tokens, name="tokens"),
    path("my/tokens/<int:pk>/revoke/", tokens.revoke, name="revoke_token"),
]

plain_urlpatterns = [
    path("records/<slug:pid>", exports.record_plain, name="record_plain"),
    path("records/<slug:pid>/", exports.record_plain),
    path("records/<slug:pid>.<str:extension>", exports.record_export, name="record_export"),
    path("topics/<slug:slug>", topic_files.topic_plain, name="topic_plain"),
    path("topics.<slug:extension>", topic_files.topics_export, name="topics_export"),
    path("collections/<slug:slug>.<str:extension>", exports.collection_export, name="collection_export"),
]
