"""Training speed on a GPU against the CPU of the same machine and against PyTorch on the same GPU."""
