#!/usr/bin/env bash
# packaging/format.sh [--check]: formats all C++ of the tree, or lists what is not formatted and fails.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mapfile -t files < <(find app inference models shaders/shared tests ui -name '*.h' -o -name '*.cpp')
if [ "${1:-}" != --check ]; then
    exec clang-format -i "${files[@]}"
fi
status=0
for file in "${files[@]}"; do
    clang-format "$file" | cmp -s - "$file" || { echo "not formatted: $file"; status=1; }
done
[ $status = 0 ] || echo "run packaging/format.sh"
exit $status
