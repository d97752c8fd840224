"""The charting library, which ships with the package: uPlot, under the MIT licence.

https://github.com/leeoniya/uPlot, version 1.6.32 as its authors publish it on npm. Chosen for its
size, 51 KB without dependencies, and because it draws thousands of points at once.
"""

from __future__ import annotations

import hashlib
import os

from clearpoint.lowlevel.files import read_bytes

FOLDER = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data")
SHA256 = {
    "uplot.LICENSE": "8f989229699b4fe2f1a0432d0e9edc338a8a911e250e2d1b01ecd770a5f5b1bd",
    "uplot.min.css": "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04",
    "uplot.min.js": "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f",
}


class AssetError(Exception):
    """A shipped file is not the one that the package was made with."""


def read_asset(name: str, folder: str = FOLDER) -> str:
    """The text of a shipped file; raises AssetError if the installation is damaged."""
    data = read_bytes(os.path.join(folder, name), follow=True)
    if hashlib.sha256(data).hexdigest() != SHA256[name]:
        raise AssetError(f"{name} is damaged; reinstall clearpoint")
    return data.decode()
