"""The page of a notice, for links in other plugins' lists."""

from ebok.ports import RecordPage

record_pages = [RecordPage(zone="public", model="noticeboard.Notice", view="notice")]
