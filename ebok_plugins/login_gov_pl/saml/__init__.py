"""The SAML 2.0 the national node speaks, without Django: what is sent, what is believed, and why not."""
