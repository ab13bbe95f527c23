"""Every choice an analyst can make, one file per stage."""
