#!/usr/bin/env bash
# A picture of the web page after it has drawn some prompts with the demo model, for the README.
#   ci/screenshot.sh [FILE [PROMPT]...]     default: docs/page.png and prompts of the demo world
# LUMINA_MODEL: another model, as the program knows it, such as recipe:tiny.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

"$root/ci/setup.sh" tests
"$root/lumina" --version >&2
[ $# -gt 0 ] || set -- "$root/docs/page.png"
[ $# -gt 1 ] || set -- "$1" "a red circle left of a blue square" "three green stars" "a yellow heart above a purple cross"
python3 -B "$root/ci/screenshot.py" "$@"
