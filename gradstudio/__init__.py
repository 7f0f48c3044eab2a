"""GradStudio: computation graphs whose every gradient can be seen, derived and graded."""

__version__ = "0.1.0"
