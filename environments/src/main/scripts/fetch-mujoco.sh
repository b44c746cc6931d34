#!/usr/bin/env bash
# Puts MuJoCo's headers and library where the build looks for them: fetch-mujoco.sh VERSION DIRECTORY
#
# From MUJOCO_HOME (an unpacked release) when it is set; else from the Python wheel, fetched once by pip into
# ${MOPO_CACHE:-${XDG_CACHE_HOME:-~/.cache}/mopo-spark} and checked against the SHA-256 below.
set -euo pipefail

readonly version=$1 directory=$2
readonly library=libmujoco.so.$version
# Of the library in the linux-x86_64 wheels of 3.3.7; the wheels of all Python versions hold the same one.
readonly library_sha256=23841520ecf60ad648405674a757f260949f7cf6b44deb284398b9851b3f061d

fail() {
  printf 'fetch-mujoco: %s\n' "$@" >&2
  exit 1
}

sha256_of() {
  sha256sum "$1" | cut -d ' ' -f 1
}

# Whether a folder holds the checked library and its headers.
is_whole() {
  [[ -f $1/lib/$library && -f $1/include/mujoco/mujoco.h ]] \
    && [[ $(sha256_of "$1/lib/$library") == "$library_sha256" && $(header_version "$1") == "${version//./}" ]]
}

# The number a release's header carries, such as 337.
header_version() {
  sed -n 's/^#define mjVERSION_HEADER \([0-9]*\).*/\1/p' "$1/include/mujoco/mujoco.h"
}

check_home() {
  [[ -f $MUJOCO_HOME/include/mujoco/mujoco.h ]] \
    || fail "MUJOCO_HOME=$MUJOCO_HOME has no include/mujoco/mujoco.h." \
      "Set it to the folder of an unpacked MuJoCo $version release, or unset it to have pip fetch MuJoCo."
  local found
  found=$(header_version "$MUJOCO_HOME")
  [[ $found == "${version//./}" ]] \
    || fail "MUJOCO_HOME=$MUJOCO_HOME holds MuJoCo ${found:-of an unknown version} (mjVERSION_HEADER), but this build needs ${version//./}." \
      "Set it to an unpacked MuJoCo $version, or unset it to have pip fetch that version."
  [[ -f $MUJOCO_HOME/lib/$library ]] \
    || fail "MUJOCO_HOME=$MUJOCO_HOME has no lib/$library." \
      "Set it to the folder of an unpacked MuJoCo $version release for Linux, or unset it."
  [[ $(sha256_of "$MUJOCO_HOME/lib/$library") == "$library_sha256" ]] \
    || printf 'fetch-mujoco: note: %s is not the library of the Python wheel; figures may differ in the last digits\n' \
      "$MUJOCO_HOME/lib/$library"
}

# Sets the variable `home` to the cached wheel's contents.
fetch_wheel() {
  local cache=${MOPO_CACHE:-${XDG_CACHE_HOME:-${HOME:?set HOME, MOPO_CACHE or MUJOCO_HOME}/.cache}/mopo-spark}
  home=$cache/mujoco-$version-linux-x86_64
  if [[ -e $home ]]; then
    is_whole "$home" && return
    echo "fetch-mujoco: $home is damaged; fetching it again"
    rm -rf "$home"
  fi

  command -v python3 > /dev/null \
    || fail "python3 was not found, and MUJOCO_HOME is not set." \
      "Install Python 3 with pip (Debian: apt-get install python3-pip), or set MUJOCO_HOME to an unpacked MuJoCo $version."
  python3 -m pip --version > /dev/null 2>&1 \
    || fail "python3 has no pip, and MUJOCO_HOME is not set." \
      "Install pip (Debian: apt-get install python3-pip), or set MUJOCO_HOME to an unpacked MuJoCo $version."

  mkdir -p "$cache"
  aside=$(mktemp -d "$cache/fetching.XXXXXX")
  trap 'rm -rf "$aside"' EXIT
  echo "fetch-mujoco: fetching the wheel of MuJoCo $version into $cache"
  # The local interpreter's version does not matter: the wheel is only unpacked.
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
    --python-version 3.12 --implementation cp \
    --platform manylinux_2_28_x86_64 --platform manylinux_2_17_x86_64 --platform manylinux2014_x86_64 \
    --dest "$aside/wheel" "mujoco==$version" \
    || fail "pip could not download mujoco==$version; its message stands above." \
      "Check the network and pip's settings, or set MUJOCO_HOME to an unpacked MuJoCo $version."
  python3 -m zipfile -e "$aside"/wheel/mujoco-*.whl "$aside/unpacked"

  local found
  found=$(sha256_of "$aside/unpacked/mujoco/$library")
  [[ $found == "$library_sha256" ]] \
    || fail "the $library that pip brought is not the one this build was checked with." \
      "SHA-256 expected $library_sha256" \
      "SHA-256 found    $found"

  mkdir -p "$aside/home/lib" "$aside/home/include"
  cp -r "$aside/unpacked/mujoco/include/mujoco" "$aside/home/include/"
  cp "$aside/unpacked/mujoco/$library" "$aside/home/lib/"
  # Another build may have put it there meanwhile; both hold the same.
  mv -T "$aside/home" "$home" 2> /dev/null || is_whole "$home" \
    || fail "$home could not be written."
}

[[ $(uname -sm) == "Linux x86_64" ]] \
  || fail "this build makes natives for Linux x86_64 only, but this machine is $(uname -sm)."
command -v g++ > /dev/null \
  || fail "g++ was not found; it compiles the MuJoCo binding." \
    "Install a C++17 compiler (Debian: apt-get install g++)."

if [[ -n ${MUJOCO_HOME:-} ]]; then
  check_home
  home=$MUJOCO_HOME
else
  fetch_wheel
fi

if ! cmp -s "$home/lib/$library" "$directory/lib/$library" || [[ ! -d $directory/include/mujoco ]]; then
  rm -rf "$directory"
  mkdir -p "$directory/include" "$directory/lib"
  cp -r "$home/include/mujoco" "$directory/include/"
  cp "$home/lib/$library" "$directory/lib/"
  # The linker asks for the name without a version.
  ln -s "$library" "$directory/lib/libmujoco.so"
fi
