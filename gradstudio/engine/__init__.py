"""The engine: programs, their derivatives, and the numbers the screen shows."""
