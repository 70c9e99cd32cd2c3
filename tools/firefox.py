"""Drive Firefox by Marionette, its own protocol: open a page, run a script in it.

Playwright drives only a Firefox that it has patched itself, and selenium needs a driver that
Debian doesn't have. What the tests need of the protocol is a few commands.
"""

import contextlib
import json
import shutil
import socket
import subprocess
import time

FIREFOX = ("firefox-esr", "firefox")
# Without the last one, what the console says can't be read.
ARGS = ("--headless", "--marionette", "--no-remote", "--remote-allow-system-access")
SECONDS_TO_OPEN = 60
# No question, no news, no look for updates; the network is cut off by a proxy that isn't there.
PREFERENCES = """
user_pref("marionette.port", {port});
user_pref("network.proxy.type", 1);
user_pref("network.proxy.http", "127.0.0.1");
user_pref("network.proxy.http_port", 9);
user_pref("network.proxy.ssl", "127.0.0.1");
user_pref("network.proxy.ssl_port", 9);
user_pref("app.update.enabled", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
"""


def find_firefox():
    """Find Firefox.

    Returns
    -------
    str or None
    """
    return next(filter(None, map(shutil.which, FIREFOX)), None)


class Firefox:
    """A connection to a running Firefox.

    Parameters
    ----------
    port : int
        Where it listens.
    """

    def __init__(self, port):
        self._socket = _connect(port)
        self._reader = self._socket.makefile("rb")
        self._read()  # it says who it is
        self._number = 0
        self.call("WebDriver:NewSession")

    def call(self, command, **parameters):
        """Give a command, and return its result; an error of Firefox is raised."""
        self._number += 1
        message = json.dumps([0, self._number, command, parameters])
        self._socket.sendall(f"{len(message)}:{message}".encode())
        _, _, error, result = self._read()
        if error:
            raise RuntimeError(f"{command}: {error['message']}")
        return result

    def run(self, script):
        """Run JavaScript in the page, and return what it returns."""
        return self.call("WebDriver:ExecuteScript", script=script, args=[])["value"]

    def type(self, selector, text):
        """Type into the element that a CSS selector finds; WebDriver defines codes for keys."""
        found = self.call("WebDriver:FindElement", using="css selector", value=selector)
        (element,) = found["value"].values()
        self.call("WebDriver:ElementSendKeys", id=element, text=text)

    def complaints(self, about):
        """List what Firefox's console says about addresses that begin like this."""
        self.call("Marionette:SetContext", value="chrome")
        try:
            said = self.run("return Services.console.getMessageArray().map(String)")
        finally:
            self.call("Marionette:SetContext", value="content")
        return [line for line in said if about in line]

    def close(self):
        """End the connection."""
        self._reader.close()
        self._socket.close()

    def _read(self):
        length = b""
        while (digit := self._reader.read(1)) != b":":
            if not digit:
                raise RuntimeError("Firefox has closed the connection.")
            length += digit
        return json.loads(self._reader.read(int(length)))


@contextlib.contextmanager
def running_firefox(folder):
    """Run Firefox without a window inside the block.

    Parameters
    ----------
    folder : Path
        For its profile.

    Yields
    ------
    Firefox
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "user.js").write_text(PREFERENCES.format(port=port))
    command = [find_firefox(), *ARGS, "--profile", folder]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        firefox = Firefox(port)
        yield firefox
        firefox.close()
    finally:
        process.terminate()
        process.wait(SECONDS_TO_OPEN)


def _connect(port):
    end = time.monotonic() + SECONDS_TO_OPEN
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=SECONDS_TO_OPEN)
        except ConnectionRefusedError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
