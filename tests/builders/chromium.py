"""A headless Chromium, spoken to over its debugging pipe: JSON messages that end with a zero byte."""

from __future__ import annotations

import base64
import io
import json
import os
import select
import shutil
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from PIL import Image

SECONDS = 60.0


def path() -> str | None:
    """Where Chromium is, None where it is not installed."""
    return next(
        (p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name))), None
    )


class PageLeft(Exception):
    """The page was left while it was asked."""


class Chromium:
    """One window. `dialogs` and `refused` are the dialogs and the violations of a policy that were seen."""

    def __init__(self, folder: Path, width: int = 1400, height: int = 1000) -> None:
        program = path()
        assert program is not None
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()
        # Chromium reads from descriptor 3 and writes to 4, whatever numbers the pipes have here.
        command = 'exec "$@" 3<&"$IN" 4>&"$OUT"'
        options = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--remote-debugging-pipe",
            f"--user-data-dir={folder}",
            f"--window-size={width},{height}",
        ]
        environment = {**os.environ, "IN": str(theirs_in), "OUT": str(theirs_out)}
        self._process = subprocess.Popen(
            ["bash", "-c", command, "bash", program, *options],
            env=environment,
            pass_fds=(theirs_in, theirs_out),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._number, self._held, self._session = 0, b"", ""
        self.dialogs: list[str] = []
        self.refused: list[str] = []
        target = self("Target.createTarget", url="about:blank")["targetId"]
        self._session = self("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self(f"{domain}.enable")
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self("Emulation.setDeviceMetricsOverride", **size)

    def close(self) -> None:
        """End the browser."""
        self._process.kill()
        self._process.wait()
        os.close(self._in)
        os.close(self._out)

    def __call__(self, method: str, **parameters: Any) -> Any:
        """Send a command and wait for its answer."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                if "navigated" in answer.get("error", {}).get("message", ""):
                    raise PageLeft(method)
                assert "error" not in answer, answer
                return answer["result"]

    def _next(self) -> dict[str, Any]:
        deadline = time.monotonic() + SECONDS
        while b"\0" not in self._held:
            ready, _, _ = select.select([self._in], [], [], max(0.0, deadline - time.monotonic()))
            data = os.read(self._in, 1 << 20) if ready else b""
            if not data:
                raise TimeoutError("Chromium does not answer")
            self._held += data
        text, _, self._held = self._held.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        if message.get("method") == "Page.javascriptDialogOpening":
            self.dialogs.append(message["params"]["message"])
        if message.get("method") == "Log.entryAdded":
            self.refused.append(message["params"]["entry"]["text"])
        return message

    def open(self, file: Path | str) -> None:
        """Open a file from disk, or an address, and wait until it is loaded."""
        self.run("window.left = true")  # so that the page before is not taken for the one that comes
        self("Page.navigate", url=file if isinstance(file, str) else file.as_uri())
        self.wait("!window.left && document.readyState === 'complete'")

    def wait(self, expression: str) -> None:
        """Until an expression of JavaScript is true; raises TimeoutError where it never is."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            with suppress(PageLeft):  # the next look is at the page that came
                if self.run(f"Boolean({expression})"):
                    return
            time.sleep(0.05)
        raise TimeoutError(expression)

    def run(self, expression: str) -> Any:
        """What an expression of JavaScript gives."""
        result = self("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    def key(self, key: str, text: str = "") -> None:
        """Press a key and let it go."""
        code = {"ArrowRight": 39, "ArrowDown": 40, "Enter": 13, "Escape": 27}.get(key, 0)
        own = {"key": key, "windowsVirtualKeyCode": code}
        self("Input.dispatchKeyEvent", type="keyDown", **own, **({"text": text} if text else {}))
        self("Input.dispatchKeyEvent", type="keyUp", **own)

    def click(self, x: float, y: float) -> None:
        """Press the mouse's button at a place of the window."""
        for kind in ("mousePressed", "mouseReleased"):
            self("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def picture(self) -> Image.Image:
        """The window as it is seen."""
        data = self("Page.captureScreenshot", format="png")["data"]
        return Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")
