"""Training: data, and the loop that makes steps of the settings and the optimizers."""
