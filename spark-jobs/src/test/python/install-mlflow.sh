#!/usr/bin/env bash
# Prints the folder of an MLflow server's Python packages for PYTHONPATH, and installs them there if they are not yet:
# install-mlflow.sh
#
# The folder is in ${MOPO_CACHE:-${XDG_CACHE_HOME:-~/.cache}/mopo-spark}, named by Python's version and the requirements.
# Not a virtual environment, because Debian's Python cannot make one without another package.
set -euo pipefail

fail() {
  printf 'install-mlflow: %s\n' "$@" >&2
  exit 1
}

requirements=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/mlflow-requirements.txt
cache=${MOPO_CACHE:-${XDG_CACHE_HOME:-${HOME:?set HOME or MOPO_CACHE}/.cache}/mopo-spark}
python3 -m pip --version > /dev/null 2>&1 \
  || fail "python3 with pip was not found; the test of MLflow needs it." \
    "Install it (Debian: apt-get install python3-pip)."
python=$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
home=$cache/mlflow-python$python-$(sha256sum "$requirements" | cut -c 1-12)

if [[ ! -d $home ]]; then
  mkdir -p "$cache"
  aside=$(mktemp -d "$cache/installing.XXXXXX")
  trap 'rm -rf "$aside"' EXIT
  echo "install-mlflow: installing an MLflow server for Python $python into $cache" >&2
  python3 -m pip install --quiet --disable-pip-version-check --no-warn-conflicts --root-user-action=ignore --only-binary=:all: \
    --requirement "$requirements" --target "$aside/home" >&2 \
    || fail "pip could not install $requirements; its message stands above." "Check the network and pip's settings."
  # Another build may have put it there meanwhile.
  mv -T "$aside/home" "$home" 2> /dev/null || [[ -d $home ]] || fail "$home could not be written."
fi
echo "$home"
