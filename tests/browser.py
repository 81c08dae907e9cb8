"""A browser for tests: Debian's Chromium without a window, driven by its own DevTools."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import time
import urllib.request
from pathlib import Path

import websocket

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
OPTIONS = "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run --remote-debugging-port=0"
STEP = 0.1


class Browser:
    """One page of one browser; `asked` are the addresses that it asked for."""

    def __init__(self, folder: Path, width: int = 1500, height: int = 1100) -> None:
        command = [CHROMIUM, *OPTIONS.split(), f"--window-size={width},{height}", f"--user-data-dir={folder}"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        port = waited(lambda: (folder / "DevToolsActivePort").read_text("utf-8").split()[0], 20)
        page = urllib.request.Request(f"http://127.0.0.1:{port}/json/new?about:blank", method="PUT")
        with urllib.request.urlopen(page) as answer:
            address = json.load(answer)["webSocketDebuggerUrl"]
        self.socket = websocket.create_connection(address, suppress_origin=True, timeout=60)
        self.number, self.asked = 0, []
        for domain in ("Page", "Runtime", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: object) -> dict:
        """Ask DevTools for something, and return its answer."""
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("method") == "Network.requestWillBeSent":
                self.asked.append(message["params"]["request"]["url"])
            if message.get("id") == self.number:
                return message.get("result", {})

    def open(self, address: str) -> None:
        """Go to an address."""
        self.call("Page.navigate", url=address)

    def js(self, expression: str) -> object:
        """Return what an expression is worth in the page."""
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True).get("result", {}).get("value")

    def until(self, expression: str, seconds: float) -> object:
        """Wait until an expression is true in the page, and return its value."""
        return waited(lambda: self.js(expression) or None, seconds, expression)

    def key(self, name: str, code: int, shift: bool = False) -> None:
        """Press a key."""
        for kind in ("keyDown", "keyUp"):
            self.call(
                "Input.dispatchKeyEvent",
                type=kind,
                key=name,
                code=name,
                windowsVirtualKeyCode=code,
                modifiers=8 * shift,
            )

    def picture(self, path: Path) -> None:
        """Keep a picture of the page."""
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot")["data"]))

    def close(self) -> None:
        """End the browser."""
        self.socket.close()
        self.process.terminate()
        self.process.wait(10)


def waited(look, seconds: float, what: str = ""):
    """Return the first answer that is not None; TimeoutError when there is none in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            found = look()
        except (OSError, IndexError):
            found = None
        if found is not None:
            return found
        time.sleep(STEP)
    raise TimeoutError(f"not within {seconds} s: {what}")
