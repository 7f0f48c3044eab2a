"""The panels around the canvas; each reads the document and none reads another."""
