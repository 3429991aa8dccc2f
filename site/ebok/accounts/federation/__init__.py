"""Signing in through somebody else who vouches for a person: OIDC, SAML, the national node.

`protocols.py` receives what allauth has read from OIDC and SAML, `ways.py` knows the providers that plugins
bring, `flow.py` decides what a proven identity may do here, `services.py` links and unlinks.
"""
