"""Every address of the program. The matrix of tests/web names each with who may open it."""

from allauth.socialaccount.providers.openid_connect.views import callback as from_provider
from allauth.socialaccount.providers.openid_connect.views import login as to_provider
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import RedirectView

from goodstanding.web.pages.account import views as account
from goodstanding.web.pages.audit import views as audit
from goodstanding.web.pages.collections import calling, outbox, runs, texts
from goodstanding.web.pages.collections import working as tasks
from goodstanding.web.pages.collections.costs import views as costs
from goodstanding.web.pages.collections.experiments import views as experiments
from goodstanding.web.pages.collections.listing import listing
from goodstanding.web.pages.collections.strategies import views as strategies
from goodstanding.web.pages.collections.writing import write
from goodstanding.web.pages.confirmation.views import confirmation
from goodstanding.web.pages.customer import notes, papers
from goodstanding.web.pages.customer import views as customer
from goodstanding.web.pages.customer.statement import statement
from goodstanding.web.pages.customers import assign
from goodstanding.web.pages.customers.views import customers
from goodstanding.web.pages.editing import views as editing
from goodstanding.web.pages.exports import views as exports
from goodstanding.web.pages.imports import views as imports
from goodstanding.web.pages.insight.views import insight
from goodstanding.web.pages.items import holds, waive, work
from goodstanding.web.pages.items.views import item, items
from goodstanding.web.pages.merging.views import merge
from goodstanding.web.pages.papers import views as piles
from goodstanding.web.pages.preferences import views as preferences
from goodstanding.web.pages.promises import customer as own_promises
from goodstanding.web.pages.promises import ending as promise
from goodstanding.web.pages.promises import making as promising
from goodstanding.web.pages.promises.month import promises
from goodstanding.web.pages.receivables import lateness, spread
from goodstanding.web.pages.receivables.views import receivables
from goodstanding.web.pages.recording import views as recording
from goodstanding.web.pages.saved import views as saved
from goodstanding.web.pages.search.views import search
from goodstanding.web.pages.settings import mappings, working
from goodstanding.web.pages.settings import views as settings
from goodstanding.web.pages.settings.aging import aging
from goodstanding.web.pages.settings.books import books
from goodstanding.web.pages.settings.interest import interest
from goodstanding.web.pages.settings.touch_costs import touch_costs
from goodstanding.web.pages.sign_in import views as door
from goodstanding.web.pages.styleguide.views import styleguide
from goodstanding.web.pages.today.views import today
from goodstanding.web.pages.touches import views as touching
from goodstanding.web.pages.tour.views import tour

home = RedirectView.as_view(pattern_name="today", query_string=True, http_method_names=["get", "head"])

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    # the names with underscores are those that the library of sign-in leads to
    path("sign-in/", door.SignInPage.as_view(), name="sign-in"),
    path("sign-in/", door.SignInPage.as_view(), name="account_login"),
    path("sign-in/code/", door.CodePage.as_view(), name="mfa_authenticate"),
    path("sign-in/<slug:provider_id>/", require_POST(to_provider), name="openid_connect_login"),
    path("sign-in/<slug:provider_id>/back/", require_safe(from_provider), name="openid_connect_callback"),
    path("sign-out/", door.SignOut.as_view(), name="sign-out"),
    path("account/", account.account, name="account"),
    path("account/", account.account, name="mfa_index"),
    path("account/password/", account.password, name="own-password"),
    path("account/again/", door.PasswordAgainPage.as_view(), name="account_reauthenticate"),
    path("account/again/code/", door.CodeAgainPage.as_view(), name="mfa_reauthenticate"),
    path("account/second-factor/", account.SetUp.as_view(), name="mfa_activate_totp"),
    path("account/second-factor/take-away/", account.take_away, name="take-away-factor"),
    path("account/codes/", account.Codes.as_view(), name="mfa_view_recovery_codes"),
    path("account/codes/new/", account.new_codes, name="mfa_generate_recovery_codes"),
    path("account/codes/file/", account.CodesFile.as_view(), name="mfa_download_recovery_codes"),
    path("account/sessions/<int:number>/end/", account.end, name="end-session"),
    path("account/sessions/end-others/", account.end_others, name="end-other-sessions"),
    path("today/", today, name="today"),
    path("tour/<int:step>/", tour, name="tour"),
    path("search/", search, name="search"),
    path("customers/", customers, name="customers"),
    path("customers/assign/", assign.assign, name="assign-customers"),
    path("customers/assigned/<int:first>-<int:last>/undo/", assign.undo, name="undo-assignment"),
    path("views/<slug:page>/save/", saved.save, name="save-view"),
    path("views/<int:number>/delete/", saved.delete, name="delete-view"),
    path("customers/by-code/", customer.by_code, name="customer-by-code"),
    path("customers/<int:number>/", customer.timeline, name="customer"),
    path("customers/<int:number>/account/", customer.account, name="customer-account"),
    path("customers/<int:number>/statement/", statement, name="customer-statement"),
    path("customers/<int:number>/people/", customer.people, name="customer-people"),
    path("customers/<int:number>/facts/", customer.facts_page, name="customer-facts"),
    path("customers/<int:number>/notes/", notes.notes, name="customer-notes"),
    path("customers/<int:number>/notes/<int:note>/withdraw/", notes.withdraw, name="withdraw-note"),
    path("customers/<int:number>/files/", notes.attach, name="attach-files"),
    path("customers/<int:number>/files/<int:file>/", notes.fetch, name="customer-file"),
    path("customers/<int:number>/files/<int:file>/withdraw/", notes.withdraw_one, name="withdraw-file"),
    path("customers/<int:number>/papers/", papers.papers, name="customer-papers"),
    path("customers/<int:number>/papers/evidence/", papers.evidence, name="customer-evidence"),
    path("customers/<int:number>/papers/charge/", papers.charge, name="customer-charge"),
    path("customers/<int:number>/papers/<int:asked>/", papers.confirmation, name="customer-confirmation"),
    path("customers/<int:number>/papers/<int:asked>/withdraw/", papers.withdraw, name="withdraw-confirmation"),
    path("customers/<int:number>/promises/", own_promises.promises, name="customer-promises"),
    path("customers/<int:number>/promises/theirs/", promising.theirs, name="customer-promise"),
    path("customers/<int:number>/promises/ours/", promising.ours, name="customer-own-promise"),
    path("customers/<int:number>/promises/<int:promise>/keep/", promise.keep, name="keep-promise"),
    path("customers/<int:number>/promises/<int:promise>/withdraw/", promise.withdraw, name="withdraw-promise"),
    path("customers/<int:number>/promises/<int:promise>/renew/", promise.renew, name="renew-promise"),
    path("customers/<int:number>/promises/<int:promise>/undo/", promise.undo, name="undo-promise"),
    path("customers/<int:number>/touches/", touching.touches, name="customer-touches"),
    path("customers/<int:number>/touches/quick/", touching.quick, name="quick-touch"),
    path("customers/<int:number>/touches/<int:touch>/withdraw/", touching.withdraw, name="withdraw-touch"),
    path("customers/<int:number>/merge/", merge, name="customer-merge"),
    path("customers/<int:number>/edit/", editing.facts, name="customer-edit"),
    path("customers/<int:number>/people/edit/", editing.contact, name="customer-contact"),
    path("customers/<int:number>/payment/", recording.payment, name="customer-payment"),
    path("customers/<int:number>/document/", recording.document, name="customer-document"),
    path("receivables/", receivables, name="receivables"),
    path("receivables/months/", spread.by_month, name="receivables-months"),
    path("receivables/concentration/", spread.by_holder, name="receivables-concentration"),
    path("receivables/items/", items, name="items"),
    path("receivables/late-fees/", lateness.fees, name="late-fees"),
    path("receivables/expiring/", lateness.expiring_soon, name="expiring"),
    path("papers/statements/", piles.many, name="statements-many"),
    path("papers/statements/<int:number>/", piles.one, name="statements"),
    path("papers/statements/<int:number>/file/", piles.file, name="statements-file"),
    path("papers/statements/<int:number>/restart/", piles.restart, name="statements-restart"),
    path("c/<str:token>/", confirmation, name="confirmation"),
    path("items/<int:number>/", item, name="item"),
    path("items/<int:number>/match/", work.match, name="match-item"),
    path("items/<int:number>/undo-match/", work.undo, name="undo-match"),
    path("items/<int:number>/reverse/", work.reverse, name="reverse-item"),
    path("items/<int:number>/write-off/", work.write_off, name="write-off-item"),
    path("items/<int:number>/waive/", waive.waive, name="waive-item"),
    path("items/<int:number>/hold/", holds.place, name="place-hold"),
    path("items/<int:number>/release/", holds.release, name="release-hold"),
    path("import/", imports.imports, name="imports"),
    path("import/<int:number>/", imports.one, name="import"),
    path("import/<int:number>/choose/", imports.choose, name="choose-import"),
    path("import/<int:number>/start/", imports.start, name="start-import"),
    path("import/<int:number>/undo/", imports.undo, name="undo-import"),
    path("import/<int:number>/discard/", imports.discard, name="discard-import"),
    path("export/", exports.start, name="export-start"),
    path("export/<int:number>/", exports.one, name="export"),
    path("export/<int:number>/file/", exports.file, name="export-file"),
    path("export/<int:number>/restart/", exports.restart, name="export-restart"),
    path("collections/", listing, name="collections"),
    path("collections/<int:number>/", calling.calling, name="collections-call"),
    path("collections/<int:number>/later/", calling.later, name="collections-later"),
    path("collections/<int:number>/work/", tasks.work, name="collections-work"),
    path("collections/ours/", tasks.keep_ours, name="keep-ours"),
    path("collections/promises/", promises, name="promises"),
    path("collections/runs/", runs.runs, name="runs"),
    path("collections/runs/decide/", runs.decide, name="decide"),
    path("collections/runs/<int:number>/", runs.run, name="run"),
    path("collections/outbox/", outbox.outbox, name="outbox"),
    path("collections/outbox/<int:number>/", outbox.message, name="message"),
    path("collections/outbox/<int:number>/settle/", outbox.settle, name="settle-message"),
    path("collections/outbox/<int:number>/paper/", outbox.paper, name="message-paper"),
    path("collections/outbox/<int:number>/files/<int:place>/", outbox.attached, name="message-file"),
    path("collections/templates/", texts.templates, name="templates"),
    path("collections/templates/<str:purpose>/<str:tone>/<str:language>/", texts.template, name="template"),
    path("customers/<int:number>/write/", write, name="write"),
    path("collections/strategies/", strategies.strategies, name="strategies"),
    path("collections/strategies/new/", strategies.write, name="strategy-new"),
    path("collections/experiments/", experiments.experiments, name="experiments"),
    path("collections/costs/", costs.costs_page, name="costs"),
    path("collections/costs/touches/", costs.touches_page, name="cost-touches"),
    path("insight/", insight, name="insight"),
    path("audit/", audit.audit, name="audit"),
    path("audit/verify/", audit.verify, name="verify-audit"),
    path("settings/", settings.overview, name="settings"),
    path("settings/books/", books, name="close-books"),
    path("settings/interest/", interest, name="interest-settings"),
    path("settings/touch-costs/", touch_costs, name="touch-costs"),
    path("settings/aging/", aging, name="aging-settings"),
    path("settings/calendar/", working.calendar, name="calendar-settings"),
    path("settings/calendar/day/", working.own_day, name="own-day"),
    path("settings/calendar/day/remove/", working.remove_day, name="own-day-remove"),
    path("settings/mappings/", mappings.mappings, name="mappings"),
    path("settings/mappings/<int:number>/", mappings.mapping, name="mapping"),
    path("settings/mappings/<int:number>/delete/", mappings.delete, name="mapping-delete"),
    path("settings/people/new/", settings.new_person, name="person-new"),
    path("settings/people/<int:number>/", settings.person, name="person"),
    path("settings/people/<int:number>/second-factor/", settings.reset_factor, name="reset-factor"),
    path("settings/people/<int:number>/sessions/", settings.end_sessions, name="end-sessions"),
    path("settings/team/", settings.team, name="team"),
    path("styleguide/", styleguide, name="styleguide"),
    path("preferences/language/", preferences.language, name="language"),
    path("preferences/theme/", preferences.theme, name="theme"),
]

handler400 = "goodstanding.web.answers.bad_request"
handler403 = "goodstanding.web.answers.forbidden"
handler404 = "goodstanding.web.answers.not_found"
handler429 = "goodstanding.web.answers.too_many"
handler500 = "goodstanding.web.answers.server_error"
