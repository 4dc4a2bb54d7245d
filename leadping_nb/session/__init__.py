"""The only HTTP of the toolkit: who may be sent what, how often, and what an answer means.

``firewall`` decides before a socket opens, ``http`` makes the request, ``delivery`` sends it in its turn, ``retry``
says how long to wait, ``answers`` turns an answer into JSON or into one of our errors. All but ``http`` and
``delivery`` are functions of their arguments.
"""
