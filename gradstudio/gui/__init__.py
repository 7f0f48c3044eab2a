"""Everything Qt: the document, the canvas, the panels, the window."""
