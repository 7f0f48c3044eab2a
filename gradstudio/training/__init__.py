"""Training: settings, data, optimizers, and the loop that makes steps of them."""
