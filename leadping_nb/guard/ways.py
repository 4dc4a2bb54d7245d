"""The ways by which a text leaves a notebook, each as a cell that lets one out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["SETTING", "TEXT", "WAYS", "Way"]

TEXT: Final = "<text of the key>"
"""What stands in a cell for the text itself."""

SETTING: Final = """\
import base64, json, logging, multiprocessing, os, subprocess, sys, threading, urllib.parse, warnings
import ipywidgets
from IPython.display import HTML, JSON, Latex, Markdown, display
import leadping_nb as lp
lp.guard_outputs({on})
key = lp.Credential.from_env(allow_shared_host=True).reveal()
logging.basicConfig(handlers=[logging.StreamHandler(), logging.FileHandler("log.txt")])
FORK = multiprocessing.get_context("fork" if hasattr(os, "fork") else None)
"""
"""What is run before them."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way out."""

    name: str
    """What to call it."""
    code: str
    """A cell that lets the text of ``key`` out by it."""


WAYS: Final = (
    Way("print", "print('key:', key)"),
    Way("print in pieces", "for letter in key: print(letter, end='', flush=True)"),
    Way("print around other outputs", "print(key[:20], end=''); display(HTML('<hr>')); print(key[20:])"),
    Way("standard error", "sys.stderr.write(key)"),
    Way(
        "print of another thread", "thread = threading.Thread(target=print, args=(key,)); thread.start(); thread.join()"
    ),
    Way("the value of a cell", "{'headers': {'x-leadping-key': key}}"),
    Way("HTML", "HTML(f'<b title=\"{key}\">key</b>')"),
    Way("Markdown", "Markdown(f'`{key}`')"),
    Way("LaTeX", "Latex(f'$$\\\\text{{{key}}}$$')"),
    Way("JSON", "JSON({'outer': [{key: 1}]})"),
    Way("a MIME type of its own", "display({'application/vnd.test+json': {'deep': [[key]]}}, raw=True)"),
    Way("an updated display", "shown = display('…', display_id=True); shown.update(key)"),
    Way("an Output widget", "out = ipywidgets.Output()\nwith out: print(key)\nout.append_stdout(key)\nout"),
    Way("the state of a widget", "ipywidgets.HTML(value=key)"),
    Way("bytes of a widget", "ipywidgets.Image(value=key.encode())"),
    Way("%env", "%env LEADPING_SOURCE_KEY"),
    Way("the message of an error", "raise ValueError(f'no lead for {key}')"),
    Way("variables in a traceback", "%xmode Verbose\ndef call(token): raise ValueError('no')\ncall(key)"),
    Way("help", "holder = type('Holder', (), {'__doc__': key})\nholder?"),
    Way("logging", "logging.warning('sent with %s', key)"),
    Way("logging of an error", "try: int(key)\nexcept ValueError: logging.exception('no number')"),
    Way("warnings", "warnings.warn(key)"),
    Way("a command", "!echo {key}"),
    Way("a subprocess", "subprocess.run([sys.executable, '-c', f'print({key!r})'])"),
    Way("a fork", "child = FORK.Process(target=print, args=(key,))\nchild.start(); child.join()"),
    Way("a question", "input(f'{key}? ')"),
    Way("the next cell", "get_ipython().set_next_input(f'key = {key!r}')"),
    Way("%notebook", "%notebook written.ipynb"),  # before any cell with the text itself, which it writes as it is
    Way("the history", f"'{TEXT}'; get_ipython().history_manager.writeout_cache()"),
    Way("%history", f"'{TEXT}'\n%history -o -f history.txt"),
    Way("%logstart", "%logstart -o -r session.py\nget_ipython().displayhook.log_output({'text/plain': key})\n%logstop"),
    Way("in a URL", "print('https://leadping.example/?key=' + urllib.parse.quote(key, safe=''))"),
    Way("base64", "base64.b64encode(f'user:{key}'.encode())"),
    Way("hexadecimal digits", "print(key.encode().hex())"),
    Way("hexadecimal digits with signs between", "print(key.encode().hex(':'), key.encode().hex(' ').upper())"),
    Way("percent signs alone", "print(''.join(f'%{byte:02X}' for byte in key.encode()))"),
    Way("escaped bytes", "print(''.join(f'\\\\x{byte:02x}' for byte in key.encode()))"),
    Way("bytes of UTF-16", "key.encode('utf-16')"),
    Way("a text with line breaks", "import textwrap\nprint(textwrap.fill(key, 32))"),
    Way("line breaks of rich", "from rich.console import Console\nConsole(width=32).print(key)"),
    Way("escaped JSON", "print(json.dumps(json.dumps(key)))"),
)
"""The ways that are tried."""
