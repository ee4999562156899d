"""Every address of the program. The matrix of tests/web names each with who may open it."""

from django.urls import URLPattern, URLResolver, path
from django.views.generic import RedirectView

from goodstanding.web.pages.audit import views as audit
from goodstanding.web.pages.customer import views as customer
from goodstanding.web.pages.customers.views import customers
from goodstanding.web.pages.editing import views as editing
from goodstanding.web.pages.imports import views as imports
from goodstanding.web.pages.insight.views import insight
from goodstanding.web.pages.items import work
from goodstanding.web.pages.items.views import item, items
from goodstanding.web.pages.preferences import views as preferences
from goodstanding.web.pages.receivables.views import receivables
from goodstanding.web.pages.recording import views as recording
from goodstanding.web.pages.search.views import search
from goodstanding.web.pages.settings import views as settings
from goodstanding.web.pages.sign_in.views import SignInPage, SignOut
from goodstanding.web.pages.today.views import today

home = RedirectView.as_view(pattern_name="today", query_string=True, http_method_names=["get", "head"])

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("sign-in/", SignInPage.as_view(), name="sign-in"),
    path("sign-out/", SignOut.as_view(), name="sign-out"),
    path("today/", today, name="today"),
    path("search/", search, name="search"),
    path("customers/", customers, name="customers"),
    path("customers/by-code/", customer.by_code, name="customer-by-code"),
    path("customers/<int:number>/", customer.timeline, name="customer"),
    path("customers/<int:number>/account/", customer.account, name="customer-account"),
    path("customers/<int:number>/people/", customer.people, name="customer-people"),
    path("customers/<int:number>/facts/", customer.facts_page, name="customer-facts"),
    path("customers/<int:number>/edit/", editing.facts, name="customer-edit"),
    path("customers/<int:number>/people/edit/", editing.contact, name="customer-contact"),
    path("customers/<int:number>/payment/", recording.payment, name="customer-payment"),
    path("customers/<int:number>/document/", recording.document, name="customer-document"),
    path("receivables/", receivables, name="receivables"),
    path("receivables/items/", items, name="items"),
    path("items/<int:number>/", item, name="item"),
    path("items/<int:number>/match/", work.match, name="match-item"),
    path("items/<int:number>/undo-match/", work.undo, name="undo-match"),
    path("items/<int:number>/reverse/", work.reverse, name="reverse-item"),
    path("items/<int:number>/write-off/", work.write_off, name="write-off-item"),
    path("import/", imports.imports, name="imports"),
    path("import/<int:number>/", imports.one, name="import"),
    path("import/<int:number>/choose/", imports.choose, name="choose-import"),
    path("import/<int:number>/start/", imports.start, name="start-import"),
    path("import/<int:number>/undo/", imports.undo, name="undo-import"),
    path("import/<int:number>/discard/", imports.discard, name="discard-import"),
    path("insight/", insight, name="insight"),
    path("audit/", audit.audit, name="audit"),
    path("audit/verify/", audit.verify, name="verify-audit"),
    path("settings/", settings.overview, name="settings"),
    path("settings/books/", settings.books, name="close-books"),
    path("settings/people/new/", settings.new_person, name="person-new"),
    path("settings/people/<int:number>/", settings.person, name="person"),
    path("settings/team/", settings.team, name="team"),
    path("preferences/language/", preferences.language, name="language"),
    path("preferences/theme/", preferences.theme, name="theme"),
]

handler400 = "goodstanding.web.answers.bad_request"
handler403 = "goodstanding.web.answers.forbidden"
handler404 = "goodstanding.web.answers.not_found"
handler500 = "goodstanding.web.answers.server_error"
