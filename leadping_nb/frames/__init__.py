"""JSON to a DataFrame that says where it came from and whether it is whole."""

from leadping_nb.frames.fetching import Load, OnError
from leadping_nb.frames.loading import load_frame
from leadping_nb.frames.packing import Backend
from leadping_nb.frames.passport import Passport
from leadping_nb.frames.reading import to_frame

__all__ = ["Backend", "Load", "OnError", "Passport", "load_frame", "to_frame"]
