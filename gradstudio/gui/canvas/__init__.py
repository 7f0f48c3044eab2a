"""The canvas: the graph as a drawing that can be edited, thousands of nodes at a time."""
