"""Cards for notebooks: each is a view of one object of the toolkit, and none keeps a secret where it could be saved."""
