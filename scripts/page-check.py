#!/usr/bin/env python3
"""Opens pages of the integrity report in headless Chromium and reports what would make them hard to use.

usage: scripts/page-check.py [--folder FOLDER] [--seconds N] [--tiles N] FILE.html ...

Each file is opened at 1280 and 390 pixels, light and dark, without scripts of its own, and printed to A4. It fails on

- any violation that axe-core finds,
- anything that is wider than the window,
- a line on the console, a failed request, or a request for anything but the file itself,
- a file of 5 MB or more, or one that takes longer than 2 seconds to open,
- text under 11 pixels, or more or less than one h1,
- a printed page without the rows of a table that is folded on the screen.

Screenshots, one per screenful, and PDFs go to FOLDER (page-check). Look at them: no program notices bad layout.

Needs Debian's chromium and poppler-utils, and the packages playwright and axe-playwright-python from PyPI.
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import time

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

# What runs in the page is evaluated by the browser's debugger, which a page's Content-Security-Policy does not stop.
WIDER = """() => {
  const room = document.documentElement.clientWidth, found = [];
  if (document.documentElement.scrollWidth > room) found.push(`page: ${document.documentElement.scrollWidth} > ${room}`);
  for (const element of document.body.querySelectorAll('*')) {
    if (element.closest('svg') && element.tagName !== 'svg') continue;
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.right <= room + 1) continue;
    let scrolls = false;
    for (let up = element.parentElement; up; up = up.parentElement)
      if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(up).overflowX)) { scrolls = true; break; }
    if (!scrolls) found.push(`${element.tagName.toLowerCase()}.${element.getAttribute('class') || ''}: ${Math.round(box.right)} > ${room}`);
  }
  return found.slice(0, 10);
}"""

SMALL = """() => {
  const found = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    if (!node.data.trim()) continue;
    const element = node.parentElement;
    if (['STYLE', 'TITLE', 'title', 'desc'].includes(element.tagName)) continue;
    let size = parseFloat(getComputedStyle(element).fontSize);
    const svg = element.closest('svg');
    if (svg && svg.viewBox.baseVal && svg.viewBox.baseVal.width) size *= svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    if (size < 10.9) found.add(`${node.data.trim().slice(0, 30)} (${size.toFixed(1)} px)`);
  }
  return [...found].slice(0, 5);
}"""

HEADINGS = """() => [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => [Number(h.tagName[1]), h.textContent.trim()])"""

FOLDED = """() => [...document.querySelectorAll('details:not([open])')]
  .map(d => [...d.querySelectorAll('tbody th')].map(c => c.textContent.trim()).filter(t => /^[\\w.-]+$/.test(t)).pop()).filter(Boolean)"""


def check(browser, file, folder, seconds, tiles):
    problems, address = [], file.resolve().as_uri()
    size = file.stat().st_size
    if size >= 5_000_000:
        problems.append(f"{size:,} bytes")
    for width, height in ((1280, 900), (390, 844)):
        for scheme in ("light", "dark"):
            where = f"{width} {scheme}"
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=scheme, device_scale_factor=1 if width > 500 else 2)
            page = context.new_page()
            page.on("console", lambda line: problems.append(f"{where}: console: {line.text}"))
            page.on("pageerror", lambda error: problems.append(f"{where}: error: {error}"))
            page.on("requestfailed", lambda request: problems.append(f"{where}: failed request: {request.url[:100]}"))
            page.on(
                "request",
                lambda request: None
                if request.url == address or request.url.startswith("data:")
                else problems.append(f"{where}: request: {request.url[:100]}"))
            start = time.monotonic()
            page.goto(address, wait_until="load")
            page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
            took = time.monotonic() - start
            if took > seconds:
                problems.append(f"{where}: {took:.1f} s to open")
            # The browser lays out a section only when it scrolls into view. Lay out all of them.
            page.evaluate("() => { for (const s of document.querySelectorAll('section')) s.style.contentVisibility = 'visible' }")
            problems += [f"{where}: wider than the window: {item}" for item in page.evaluate(WIDER)]
            problems += [f"{where}: small text: {item}" for item in page.evaluate(SMALL)]
            name = f"{file.stem}-{width}-{scheme}"
            long = page.evaluate("() => document.documentElement.scrollHeight")
            tile = 1500 if width > 500 else 780
            page.set_viewport_size({"width": width, "height": tile})
            for index, top in enumerate(range(0, min(long, tiles * tile), tile)):
                page.evaluate(f"() => window.scrollTo(0, {top})")
                page.screenshot(path=folder / f"{name}-{index + 1:02}.png")
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate("() => { for (const d of document.querySelectorAll('details')) d.open = true }")
            problems += [f"{where}, opened: wider than the window: {item}" for item in page.evaluate(WIDER)]
            for violation in Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]:
                nodes = "; ".join(node["html"][:120] for node in violation["nodes"][:3])
                problems.append(f"{where}: axe: {violation['id']} ({len(violation['nodes'])}): {violation['help']}: {nodes}")
            if (width, scheme) == (1280, "light"):
                problems += headings(page.evaluate(HEADINGS))
            context.close()
    problems += printed(browser, address, file, folder)
    return size, problems


def headings(found):
    problems = []
    if [level for level, _ in found].count(1) != 1:
        problems.append("not exactly one h1")
    for (before, _), (level, text) in zip(found, found[1:]):
        if level > before + 1:
            problems.append(f"heading skips a level: {text}")
    return problems


def printed(browser, address, file, folder):
    """On paper, what is folded on the screen is open."""
    page = browser.new_page(color_scheme="dark")
    page.goto(address)
    folded = page.evaluate(FOLDED)
    pdf = folder / f"{file.stem}.pdf"
    page.pdf(path=pdf, format="A4", prefer_css_page_size=True, print_background=False)
    page.close()
    if not shutil.which("pdftotext"):
        return ["pdftotext is missing (poppler-utils): the printed page is not checked"]
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout
    squeezed = re.sub(r"\s+", "", text)
    lost = sorted({row for row in folded if row not in squeezed})
    return [f"not on paper: {row}" for row in lost[:5]]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("page-check"))
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--tiles", type=int, default=40, help="maximum number of screenshots of one page at one width")
    parser.add_argument("--chromium", default=shutil.which("chromium"))
    parser.add_argument("files", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    if not options.chromium:
        sys.exit("page-check: install Debian's package chromium")
    options.folder.mkdir(parents=True, exist_ok=True)
    failed = False
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.chromium, args=["--no-sandbox", "--disable-gpu"])
        for file in options.files:
            size, problems = check(browser, file, options.folder, options.seconds, options.tiles)
            print(f"{file}: {size:,} bytes, {len(problems)} problems" if problems else f"{file}: {size:,} bytes, ok")
            for problem in problems:
                print(f"  {problem}")
            failed = failed or bool(problems)
        browser.close()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
