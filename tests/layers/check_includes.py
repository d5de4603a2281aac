#!/usr/bin/env python3
"""Fails when a layer includes what it may not. Standard library only.

check_includes.py TREE         checks the sources below TREE
check_includes.py --self-test  proves that every rule can fail
"""
import pathlib
import re
import sys
import tempfile

# A file belongs to the longest of these that its path begins with; the list says what it may include, itself apart.
# Of inference, the window sees the protocol and the memory plan; the command line and the engine's process see all of it.
MODELS = ["models/"]
SHADERS = ["shaders/shared/", "shaders/embedded.h"]  # what both languages read, and the list of compiled kernels
ENGINE = ["inference/", *MODELS, *SHADERS]
LAYERS = {
    "models/base/": [],
    "models/": [],
    "inference/protocol/": ["models/base/"],
    "inference/cache_format.h": [],
    "inference/memory_plan": ["inference/arena_packer.h", "inference/cache_format.h", *MODELS],
    "inference/arena_packer": ["inference/memory_plan.h", *MODELS],
    "inference/vulkan/": ["models/base/", "inference/tuning.h", *SHADERS],
    "inference/kernels/": ENGINE,
    "inference/": ENGINE,
    "app/cli/": ENGINE,
    "app/": ["inference/protocol/", "inference/memory_plan.h", *MODELS],
    "ui/": ["app/"],
    "shaders/": [],
}
FREE = ("tests/",)  # may include every layer, and no layer includes it

QT = re.compile(r"Q[A-Z]\w*(/Q\w+)?|Qt\w+/.*")
VULKAN = re.compile(r"(vulkan|vk_video)/.*|volk\.[hc]|vk_mem_alloc\.h")
WITHOUT_QT = ("models/", "inference/", "app/cli/", "shaders/")
WITHOUT_VULKAN = ("models/", "inference/protocol/", "inference/memory_plan", "inference/arena_packer", "app/", "ui/")

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
SUFFIXES = {".h", ".cpp", ".c", ".comp", ".glsl"}


def layer_of(path):
    return max((layer for layer in LAYERS if path.startswith(layer)), key=len, default=None)


def complaint(path, quoted, name, tree):
    """Why the file at `path` may not include `name`, or None."""
    if path.startswith(WITHOUT_QT) and QT.fullmatch(name):
        return "this layer knows nothing of Qt"
    if path.startswith(WITHOUT_VULKAN) and VULKAN.fullmatch(name):
        return "this layer knows nothing of Vulkan"
    if name.startswith(FREE):
        return "nothing that is shipped includes a test"
    layer, other = layer_of(path), layer_of(name)
    if quoted and other is None:
        beside = (tree / path).parent / name
        if path.startswith("shaders/") or not beside.exists():
            return None  # GLSL finds its includes from shaders/; what is generated or a library's lies outside the tree
        return "the project's own headers are included by their full path"
    if other is None or layer == other or any(name.startswith(allowed) for allowed in LAYERS[layer]):
        return None
    # A layer may use the folders inside itself, as models does models/base, unless they are held apart from it.
    if other.startswith(layer) and layer not in ("app/",):
        return None
    return f"{layer.rstrip('/')} may not include {other.rstrip('/')}"


def check(tree):
    complaints, count = [], 0
    for top in sorted({layer.split("/")[0] for layer in LAYERS}):
        for file in sorted((tree / top).rglob("*")):
            if file.suffix not in SUFFIXES:
                continue
            count += 1
            path = file.relative_to(tree).as_posix()
            for mark, name in INCLUDE.findall(file.read_text(encoding="utf-8")):
                why = complaint(path, mark == '"', name, tree)
                if why:
                    complaints.append(f"{path}: #include {name}: {why}")
    return complaints, count


def self_test():
    """Every line of `wrong` alone must be complained about, and none of `right`."""
    wrong = [
        ("models/a.cpp", '#include "inference/engine.h"'),
        ("models/a.cpp", "#include <QString>"),
        ("models/a.cpp", "#include <vulkan/vulkan.h>"),
        ("models/base/a.h", '#include "models/tokenizer.h"'),
        ("inference/a.cpp", '#include "app/settings.h"'),
        ("inference/a.cpp", "#include <QtCore/QString>"),
        ("inference/protocol/a.h", '#include "inference/engine.h"'),
        ("inference/memory_plan.h", '#include "inference/vulkan/context.h"'),
        ("inference/memory_plan.cpp", "#include <volk.h>"),
        ("inference/vulkan/a.cpp", '#include "models/tokenizer.h"'),
        ("inference/vulkan/a.cpp", '#include "inference/engine.h"'),
        ("app/chat/a.cpp", '#include "inference/engine.h"'),
        ("app/chat/a.cpp", '#include "inference/server/server.h"'),
        ("app/chat/a.cpp", '#include "app/cli/command.h"'),
        ("app/chat/a.cpp", "#include <volk.h>"),
        ("app/cli/a.cpp", '#include "app/chat/chat_model.h"'),
        ("app/cli/a.cpp", "#include <QFile>"),
        ("app/chat/a.cpp", '#  include "tests/unit/helpers.h"'),
        ("ui/a.cpp", '#include "models/tokenizer.h"'),
        ("shaders/shared/a.h", '#include "models/base/half.h"'),
    ]
    right = [
        ("models/a.cpp", '#include "models/base/result.h"\n#include <unicode/uchar.h>\n#include <queue>'),
        ("inference/a.cpp", '#include "models/tokenizer.h"\n#include "inference/vulkan/context.h"\n#include "shaders/shared/types.h"'),
        ("inference/memory_plan.cpp", '#include "inference/memory_plan.h"\n#include "models/gguf_file.h"'),
        ("inference/vulkan/a.cpp", "#include <volk.h>\n#include <vulkan/vulkan.h>"),
        ("app/chat/a.cpp", '#include <QString>\n#include "inference/protocol/messages.h"\n#include "inference/memory_plan.h"\n#include "a.moc"'),
        ("app/cli/a.cpp", '#include "inference/engine.h"\n#include <nlohmann/json.hpp>'),
        ("shaders/kernels/a.comp", '#include "shared/types.h"\n#include "lib/reduce.glsl"'),
    ]
    failed = 0
    for expected, cases in ((1, wrong), (0, right)):
        for path, text in cases:
            with tempfile.TemporaryDirectory() as folder:
                file = pathlib.Path(folder) / path
                file.parent.mkdir(parents=True)
                file.write_text(text)
                complaints, count = check(pathlib.Path(folder))
                if len(complaints) != expected or count != 1:
                    failed += 1
                    print(f"self-test: {path} with {text!r}: expected {expected} complaints, got {complaints}")
    return failed


if __name__ == "__main__":
    if sys.argv[1:] == ["--self-test"]:
        sys.exit(1 if self_test() else 0)
    found, files = check(pathlib.Path(sys.argv[1]))
    print("\n".join(found) or f"{files} files keep to their layers")
    sys.exit(1 if found or not files else 0)
