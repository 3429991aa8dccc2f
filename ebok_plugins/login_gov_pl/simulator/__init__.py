"""A stand-in for the national node on this machine, for tests and for the demo; never in production.

It speaks the same words from other code: libxmlsec signs and verifies here, signxml does in the plugin; the
key agreement is written out by hand. So an error in one of them shows.
"""
