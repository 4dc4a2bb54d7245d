"""A room without internet: a wheelhouse made once, and an installation from it with every index switched off."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BUILT_FROM = ("leadping_nb", "notebooks", "pyproject.toml", "README.md", "LICENSE", ".gitignore")
OFFLINE = {
    **{name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON", "COVERAGE"))},
    "PIP_NO_INDEX": "1",
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
}


def run(*command, **how):
    done = subprocess.run(command, capture_output=True, text=True, check=False, **how)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheelhouse(tmp_path_factory):
    """All wheels, made by the command of the guide from this checkout and what an attendee may have left in it."""
    home = tmp_path_factory.mktemp("home")
    for name in BUILT_FROM:
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, home / name)
    (home / "notebooks" / "workshop" / "workshop-progress.json").write_text('{"1": [1]}')
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--wheel-dir", "wheelhouse", ".", cwd=home)
    return home / "wheelhouse"


def test_the_workshop_runs_where_no_index_can_be_reached(wheelhouse, tmp_path):
    room = tmp_path / "room"
    run(sys.executable, "-m", "venv", "--without-pip", str(room))  # pip itself comes with Python; here it saves time
    python = room / ("Scripts" if os.name == "nt" else "bin") / "python"
    pip = (sys.executable, "-m", "pip", "--python", str(room))
    install = ("install", "--quiet", "--no-compile", "--no-index", "--find-links", str(wheelhouse), "leadping_nb")
    run(*pip, *install, env=OFFLINE)
    said = run(str(python), "-m", "leadping_nb.workshop", "rehearse", "1", cwd=tmp_path, env=OFFLINE)
    assert re.findall(r"(perfect|lost) +\d +(\d).*none", said) == [("perfect", "4"), ("lost", "0")]
    folder = run(
        str(python), "-c", "from leadping_nb.notebooks import workspace; print(workspace())", cwd=tmp_path, env=OFFLINE
    ).strip()
    assert (Path(folder) / "workshop" / "part_1_what_is_it.ipynb").is_file()


def test_nobodys_progress_is_shipped(wheelhouse):
    [wheel] = wheelhouse.glob("leadping_nb-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    notebooks = [name for name in names if "/notebooks/workshop/" in name]
    assert len(notebooks) == 12
    assert all(name.endswith(".ipynb") for name in notebooks)


def test_the_guide_has_the_commands_that_are_tried_here():
    guide = (ROOT / "docs" / "workshop.md").read_text(encoding="utf-8")
    assert "python3 -m pip wheel --wheel-dir wheelhouse .\n" in guide
    assert "pip install --no-index --find-links wheelhouse leadping_nb\n" in guide
