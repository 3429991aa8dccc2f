"""Registers: screens of the mirror in the Wagtail admin, for millions of rows and for any input.

`SafeModelAdmin` (in `base`) is the one base class over wagtail-modeladmin. Lists are paged by key and
never counted, forms are built from the datasets' columns and judged by the validator of the files, exports
are streamed without live formulas. Nothing here knows what a customer is; rooms describe their registers
with `Shown` columns, `Filters` and `Section`s.
"""
