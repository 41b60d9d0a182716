#!/usr/bin/env python3
"""Finds references to documents of this repository that lead nowhere.

Comments name sections as in "docs/spec/model.md 7.3, 7.5", "docs/spec/movqgan.md sections 1 and 7,
appendices A and B" or "docs/spec/model.md 3.3 to 3.5": the document and each section must exist. Links
between Markdown files, with their anchors, must exist, too.
  ci/check_references.py [--list]    --list prints every reference to a section
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
# What a reference may consist of after the name of the document. A line of a comment may end within it.
NUMBER = r"(?:\d+(?:\.\d+)*|(?<=appendix )[A-Z]|(?<=appendices )[A-Z]|(?<=and )[A-Z]\b)"
REFERENCE = re.compile(
    r"(?P<path>(?:docs/)?spec/[\w-]+\.md)\)?"
    rf"(?P<sections>(?:(?:,? and |, | to | |\(|\[|sections? |appendix |appendices )*{NUMBER})*)")
COMMENT_BREAK = re.compile(r"\s*\n\s*(?://+|\*|#)?\s*")
HEADING = re.compile(r"^#+ +(.*?) *$", re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")


def tracked():
    names = subprocess.run(["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT,
                           check=True, capture_output=True).stdout.decode().split("\0")
    return [name for name in names if name and (ROOT / name).is_file()]


def text_of(path):
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None  # pictures, weights


def sections_of(document):
    """Numbers and letters of all headings: "7", "7.3", "A"."""
    found = set()
    for heading in HEADING.findall(text_of(document)):
        match = re.match(r"(?:Appendix )?(\d+(?:\.\d+)*|[A-Z](?=\.))", heading)
        if match:
            found.add(match.group(1))
    return found


def anchors_of(document):
    """The anchors that GitHub makes of headings."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
            for heading in HEADING.findall(text_of(document))}


def references(name, text):
    """(line, document, section) of every reference in a file; section "" for a whole document."""
    # Line breaks inside a comment become one character, so that positions still tell the line.
    flat = COMMENT_BREAK.sub(lambda gap: " " + "\0" * (len(gap.group()) - 1), text)
    lines = [0]
    for offset, (plain, before) in enumerate(zip(flat, text)):
        lines.append(lines[-1] + (before == "\n"))
    joined, at = [], []
    for offset, character in enumerate(flat):
        if character != "\0":
            joined.append(character)
            at.append(lines[offset] + 1)
    for match in REFERENCE.finditer("".join(joined)):
        line = at[match.start()]
        numbers = re.findall(r"\d+(?:\.\d+)*|\b[A-Z]\b", match.group("sections"))
        for number in numbers or [""]:
            yield line, match.group("path"), number


def main():
    listing = "--list" in sys.argv[1:]
    faults = []
    for name in tracked():
        if name == "ci/check_references.py" or (text := text_of(ROOT / name)) is None:
            continue
        if "spec/" in text:
            for line, path, section in references(name, text):
                document = ROOT / path
                if name.endswith(".md"):  # a page names its neighbours
                    document = (ROOT / name).parent / path
                known = document.is_file() and (not section or section in sections_of(document))
                if listing:
                    print(f"{name}:{line}: {path} {section} {'' if known else 'MISSING'}".rstrip())
                if not known:
                    faults.append(f"{name}:{line}: there is no {path} {section}".rstrip())
        if name.endswith(".md"):
            for link in LINK.findall(text):
                if "://" in link or link.startswith("mailto:"):
                    continue
                path, _, anchor = link.partition("#")
                target = (ROOT / name).parent / path if path else ROOT / name
                if not target.exists():
                    faults.append(f"{name}: the link {link} leads nowhere")
                elif anchor and target.suffix == ".md" and anchor not in anchors_of(target):
                    faults.append(f"{name}: the link {link} names no heading of its target")
    print("\n".join(faults), file=sys.stderr, end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
