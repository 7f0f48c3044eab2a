"""A graph as text in other languages; each module knows one of them."""
