from django.urls import path

from earlyhelp.accounts.access import looks_after_accounts
from earlyhelp.accounts.views import administration, covers, sign_on, welcome, yours
from earlyhelp.core.navigation import entry

app_name = "accounts"
urlpatterns = [
    path("account/", yours.yours, name="yours"),
    path("account/app/", yours.app, name="app"),
    path("account/passkey/", yours.passkey, name="passkey"),
    path("account/remove/<int:pk>/", yours.remove, name="remove"),
    path("account/recovery-codes/", yours.recovery_codes, name="recovery_codes"),
    path("account/password/", yours.password, name="password"),
    path("account/home/", yours.home, name="home"),
    path("account/elsewhere/", yours.elsewhere, name="elsewhere"),
    path("cover/", covers.cover_for_me, name="cover_for_me"),
    path("cover/<int:pk>/end/", covers.end, name="end_cover"),
    path("accounts/", administration.account_list, name="list"),
    path("accounts/new/", administration.invite, name="invite"),
    path("accounts/<int:pk>/", administration.account, name="account"),
    path("accounts/<int:pk>/posts/<int:post>/", administration.end_post, name="end_post"),
    path("accounts/<int:pk>/cover/", covers.cover_for, name="cover_for"),
    path("accounts/<int:pk>/<slug:deed>/", administration.act, name="act"),
    path("sign-in/arrived/", sign_on.arrived, name="arrived"),
    path("sign-in/not-arrived/", sign_on.not_arrived, name="not_arrived"),
    path("welcome/<str:secret>/", welcome.welcome, name="welcome"),
]

entry(73, "Accounts", "accounts:list", looks_after_accounts, about="Who may come in, until when, and who leaves.")
