"""Private files: kept outside the media folder, checked by content, handed out only by views."""
