"""Field zone: Where fitters and meter readers work outdoors."""
