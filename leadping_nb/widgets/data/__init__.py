"""The data card: a form, a load beside the kernel's own thread, a preview, and a variable for the frame."""
