# shellcheck shell=bash disable=SC2034  # used by the scripts that source this
# Sourced by the scripts of this folder and by ../lumina: where things are. Versions are read from
# the one place that states them, pom.xml.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# Whether files can be made in a folder, which need not exist.
can_be_written() {
  local there=$1
  while [ ! -e "$there" ] && [ "$there" != / ]; do there=$(dirname "$there"); done
  [ -d "$there" ] && [ -w "$there" ] && [ -x "$there" ]
}

# Prints the user's folder for caches, by the rule of Java's CacheFolder.
user_cache() {
  local home folder
  if [ -n "${XDG_CACHE_HOME:-}" ]; then
    printf '%s\n' "$XDG_CACHE_HOME"
    return
  fi
  for home in "${HOME:-}" "$(getent passwd "$(id -u)" | cut -d: -f6)"; do
    if [ -n "$home" ] && can_be_written "$home/.cache"; then
      printf '%s\n' "$home/.cache"
      return
    fi
  done
  folder=${TMPDIR:-/tmp}/lumina4j-$(id -u)
  mkdir -m 700 "$folder" 2>/dev/null || true
  # Whoever may write to the temporary folder could have put it there.
  if [ -L "$folder" ] || [ ! -O "$folder" ] || [ "$(stat -c %a "$folder" 2>/dev/null)" != 700 ]; then
    die "there is no home folder that can be written, and the cache folder $folder is not this" \
      "user's alone; set LUMINA_CACHE to a folder for files that can be made again"
  fi
  printf '%s\n' "$folder"
}

cache=${LUMINA_CACHE:-}
[ -n "$cache" ] || cache=$(user_cache)/lumina4j
# LUMINA_EXTENSION=-gpu: libtorch, engine and jar with CUDA, beside the others.
extension=${LUMINA_EXTENSION:-}
build=${LUMINA_BUILD:-$root/build$extension}
jobs=${LUMINA_JOBS:-$(nproc)}

# property NAME: the text of <NAME> in the properties of pom.xml
property() { sed -n "s:^ *<$1>\(.*\)</$1> *\$:\1:p" "$root/pom.xml" | head -n 1; }

pytorch_version=$(property pytorch.version)   # 2.10.0-1.5.13
openblas_version=$(property openblas.version) # 0.3.31-1.5.13
torch_version=${pytorch_version%%-*}          # 2.10.0
libtorch=${LUMINA_LIBTORCH:-$cache/libtorch-$pytorch_version$extension}

nvcc_version=13.5.37 # of the Python packages
cccl_version=13.3.5.0.6
cuda_toolkit=$cache/cuda-$nvcc_version

# Prints where nvcc is, if it is anywhere.
find_nvcc() {
  local nvcc
  for nvcc in "$(command -v nvcc)" /usr/local/cuda/bin/nvcc "$cuda_toolkit/bin/nvcc"; do
    [ ! -x "$nvcc" ] || { printf '%s\n' "$nvcc"; return; }
  done
}

# What nvcc has to be told: the Python packages keep CUDA's C++ library in a folder of its own.
nvcc_flags() {
  local folder
  folder=$(dirname "$(find_nvcc)")/../include/cccl
  [ ! -d "$folder" ] || printf '%s\n' "-I$folder"
}

# Maven, quiet and without a terminal's control codes, which no option of its keeps it from writing.
maven() { mvn -B -q -ntp "$@" 2>&1 | sed $'s/\033\\[[0-9;]*m//g' >&2; }

# OpenMP threads that spin while they wait starve everybody else on a shared machine; this is some
# ten microseconds of it. Read by libgomp when it is loaded, so it can only be set here.
export GOMP_SPINCOUNT=${GOMP_SPINCOUNT:-10000}
