"""Draws prompts in the web page of a running `lumina serve`, by WebDriver, and keeps how that looks:
screenshot.py FILE PROMPT..."""
import base64
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

from load_common import Server

WIDTH, HEIGHT = 1180, 760
MOST_BYTES = 150_000
LONGEST = 300  # seconds for one picture
DRAWN = """const card = document.querySelectorAll("#gallery figure:not(#growing) img").length;
           return [card, document.getElementById("message").textContent];"""


class Page:
    """A browser without a window, and its page."""

    def __init__(self):
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, text=True)
        port = next(found[1] for line in self.driver.stdout if (found := re.search(r"successfully on port (\d+)", line)))
        self.at = f"http://127.0.0.1:{port}"
        options = ["--headless=new", f"--window-size={WIDTH},{HEIGHT}", "--disable-dev-shm-usage", "--no-proxy-server",
                   "--force-color-profile=srgb", "--hide-scrollbars"] + (["--no-sandbox"] if os.geteuid() == 0 else [])
        wanted = {"browserName": "chrome",
                  "goog:chromeOptions": {"binary": shutil.which("chromium"), "args": options}}
        session = self.do("session", capabilities={"alwaysMatch": wanted})
        self.at += f"/session/{session['sessionId']}"

    def do(self, path, **body):
        request = urllib.request.Request(f"{self.at}/{path}", json.dumps(body).encode(),
                                         {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as failure:
            raise SystemExit(f"{path}: {failure.read().decode()}")

    def element(self, selector):
        found = self.do("element", using="css selector", value=selector)
        return f"element/{next(iter(found.values()))}"

    def fill(self, selector, text):
        field = self.element(selector)
        self.do(f"{field}/clear")
        self.do(f"{field}/value", text=text)

    def run(self, script):
        return self.do("execute/sync", script=script, args=[])

    def until(self, script, wanted):
        end = time.monotonic() + LONGEST
        while (now := self.run(script)) != wanted:
            if time.monotonic() > end:
                raise SystemExit(f"waited in vain: {now}")
            time.sleep(0.1)

    def screenshot(self):
        with urllib.request.urlopen(f"{self.at}/screenshot") as answer:
            return base64.b64decode(json.load(answer)["value"])

    def close(self):
        urllib.request.urlopen(urllib.request.Request(self.at, method="DELETE")).close()
        self.driver.terminate()
        self.driver.wait()


file, prompts = Path(sys.argv[1]), sys.argv[2:]
with Server(Path(tempfile.gettempdir()) / "lumina-screenshot.log") as server, closing(Page()) as page:
    page.do("url", url=server.url)
    page.until("return document.getElementById('model').textContent !== ''", True)
    for number, prompt in enumerate(prompts, 1):
        page.fill("#prompt", prompt)
        page.fill("#size", "96x96")
        page.fill("#seed", str(number))
        page.do(f"{page.element('#draw')}/click")
        page.until(DRAWN, [number, "Done."])
    page.run("document.activeElement.blur()")
    picture = page.screenshot()
if len(picture) > MOST_BYTES:
    raise SystemExit(f"{len(picture)} bytes are more than {MOST_BYTES}: give fewer prompts")
file.write_bytes(picture)
print(f"{file}: {len(picture)} bytes")
