#!/usr/bin/env python3
"""Every string of the window is in each translation, finished, with the same place markers; English has its plurals.

translations.py LUPDATE SOURCE_FOLDER. The remedy for a failure is a run of packaging/translate and then the words.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml


def markers(text):
    return sorted(set(re.findall(r"%(?:\d+|n)", text)))


def faults(file):
    for context in xml.parse(file).getroot().findall("context"):
        for message in context.findall("message"):
            source = message.find("source").text
            translation = message.find("translation")
            forms = [form.text for form in translation.findall("numerusform")] or [translation.text]
            where = f"{context.find('name').text}: {source!r}"
            if translation.get("type") == "unfinished" or not all(form and form.strip() for form in forms):
                yield f"{where} is not translated"
            elif any(markers(form) != markers(source) for form in forms):
                yield f"{where} has other markers: {forms}"
            elif any(form.startswith(" ") != source.startswith(" ") for form in forms):
                yield f"{where} begins with a space in one language only"


def main():
    lupdate, top = sys.argv[1], pathlib.Path(sys.argv[2])
    bad = 0
    for name, options in (("ponder_de.ts", []), ("ponder_en.ts", ["-pluralonly"])):
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder) / name
            shutil.copy(top / "resources/translations" / name, copy)
            before = copy.read_text(encoding="utf-8").count("<source>")
            subprocess.run([lupdate, "-silent", "-locations", "none", *options, str(top / "app"), str(top / "ui"),
                            "-ts", str(copy)], check=True, stderr=subprocess.DEVNULL)
            for fault in faults(copy):
                print(f"{name}: {fault}")
                bad += 1
            print(f"{name}: {before} strings")
            if before == 0:
                bad += 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
