"""Documents of KSeF: reading, showing, keeping."""
