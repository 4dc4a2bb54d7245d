"""Running code that was shown, as whoever copies it does: in an empty folder, the credential in the environment."""

import ast
import asyncio
import inspect
import os
import shutil
import subprocess

import pytest

__all__ = ["KEYS", "Runner"]

KEYS = {
    "user_token": "LEADPING_USER_TOKEN",
    "business_key": "LEADPING_API_KEY",
    "source_key": "LEADPING_SOURCE_KEY",
}
"""The environment variables of a sandbox's credentials."""


class Runner:
    """Runs code of a kind: ``curl`` in a shell, ``httpx`` and ``sdk`` as a notebook runs a cell."""

    def __init__(self, folder, monkeypatch, capsys):
        self._folder = folder
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, kind, code, variable=None, key=""):
        """Give what the code printed, or the answer of the SDK."""
        for name in KEYS.values():
            self._monkeypatch.delenv(name, raising=False)
        if variable is not None:
            self._monkeypatch.setenv(variable, key)
        self._monkeypatch.chdir(self._folder)
        if kind == "curl":
            printed = _in_shell(code)
        else:
            compiled = compile(code, kind, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            names = {}
            done = eval(compiled, names)  # noqa: S307  # that it runs is what is tested
            if inspect.iscoroutine(done):
                asyncio.run(done)
            printed = self._capsys.readouterr().out if kind == "httpx" else names["answer"]
        assert list(self._folder.iterdir()) == []
        return printed


def _in_shell(code):
    if shutil.which("curl") is None:
        assert "CI" not in os.environ, "there is no curl"
        pytest.skip("there is no curl here")
    environment = {**os.environ, "NO_PROXY": "127.0.0.1", "HOME": os.curdir}
    done = subprocess.run(["sh", "-c", code], env=environment, capture_output=True, check=True)  # noqa: S607
    return done.stdout.decode()
