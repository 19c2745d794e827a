"""The desk: the presenter's windows."""
