"""The page cache in front of Django: ready bytes of public pages, answered without Django or a database.

`wsgi.PageCache` wraps the application; `headers.make_public` says that a response may be kept;
`generation.bump` says that everything kept so far is out of date. What is promised, and how it
was measured: docs/performance.md.
"""
