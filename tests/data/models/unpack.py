#!/usr/bin/env python3
"""unpack.py OUT FILE.xz...: unpacks each into the folder OUT."""
import lzma, os, sys

for path in sys.argv[2:]:
    with open(os.path.join(sys.argv[1], os.path.basename(path)[:-3]), "wb") as out:
        out.write(lzma.open(path).read())
