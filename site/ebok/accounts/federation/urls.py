"""Addresses of signing in through somebody else, under /konto/."""

from django.urls import path

from ebok.accounts.federation import protocols, views

urlpatterns = [
    path("tozsamosc/", views.identities, name="account_identities"),
    path("tozsamosc/polacz/", views.link, name="account_identity_link"),
    path("tozsamosc/odlacz/<int:pk>/", views.unlink, name="account_identity_unlink"),
    path("tozsamosc/<str:key>/", views.start, name="account_identity_start"),
    path("tozsamosc/<str:key>/powrot/", views.come_back, name="account_identity_return"),
    # Before allauth's own: the token's signature is always verified, and its tables are not used.
    path("oidc/<str:provider_id>/login/callback/", protocols.oidc_callback, name="openid_connect_callback"),
    path("saml/<str:organization_slug>/acs/finish/", protocols.saml_finish, name="saml_finish_acs"),
    # Sign-outs that begin at the directory are not received.
    path("saml/<str:organization_slug>/sls/", views.back_to_sign_in, name="saml_sls"),
    path("3rdparty/", views.back_to_sign_in),
    path("3rdparty/signup/", views.back_to_sign_in),
    path("3rdparty/login/cancelled/", views.back_to_sign_in),
    path("3rdparty/login/error/", views.back_to_sign_in),
]
