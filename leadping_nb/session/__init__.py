"""The only HTTP of the toolkit: who may be sent what, how often, and what an answer means.

``firewall`` decides before a socket opens, ``http`` sends, ``retry`` says how long to wait, ``answers``
turns an answer into JSON or into one of our errors. All but ``http`` are functions of their arguments.
"""
