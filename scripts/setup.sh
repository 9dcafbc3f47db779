#!/usr/bin/env bash
# Makes a machine fit to build and test this repository, or says in one sentence each what it lacks.
#   scripts/setup.sh          installs missing system packages where apt is there
#   scripts/setup.sh --check  changes nothing
#   either with --bench       what `make bench` needs as well
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly MIN_RUST_MINOR=95
readonly MIN_NODE_MAJOR=18
check_only=false
with_bench=false
for option in "$@"; do
  [[ "$option" == "--check" ]] && check_only=true
  [[ "$option" == "--bench" ]] && with_bench=true
done
complaints=0

complain() {
  printf 'setup: %s\n' "$1" >&2
  complaints=$((complaints + 1))
}

# One line of apt-packages.txt is "command package [test|bench]"; a package is missing when its command is. --check
# is for those who only want to run it, so it does not ask for what the tests alone need; the bench uses the tests'
# PostgreSQL.
missing_packages() {
  local command package use
  # Debian keeps daemons in sbin, which an ordinary user's PATH lacks. The tests look there as well.
  local PATH="$PATH:/usr/sbin:/usr/local/sbin"
  while read -r command package use _; do
    [[ -z "$command" || "$command" == \#* ]] && continue
    ! $with_bench && [[ "$use" == bench ]] && continue
    $check_only && ! $with_bench && [[ "$use" == test ]] && continue
    command -v "$command" >/dev/null 2>&1 || printf '%s\n' "$package"
  done < scripts/apt-packages.txt | sort -u
}

as_root() {
  if [[ "$(id -u)" -eq 0 ]]; then
    "$@"
  else
    sudo "$@"
  fi
}

install_packages() {
  local -a wanted
  mapfile -t wanted < <(missing_packages)
  [[ ${#wanted[@]} -eq 0 ]] && return
  local list="${wanted[*]}"
  if $check_only; then
    complain "missing system packages (Debian names): $list. Run 'make setup' or install them yourself."
  elif ! command -v apt-get >/dev/null 2>&1; then
    complain "missing: $list (Debian names). There is no apt-get here, so install their equivalents yourself."
  elif [[ "$(id -u)" -ne 0 ]] && ! command -v sudo >/dev/null 2>&1; then
    complain "missing: $list. Run 'apt-get install $list' as root, since there is no sudo here."
  else
    printf 'setup: installing %s\n' "$list"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${wanted[@]}"
  fi
}

check_rust() {
  if ! command -v cargo >/dev/null 2>&1 || ! command -v rustc >/dev/null 2>&1; then
    complain "Rust is not installed; IntelliAuth needs 1.$MIN_RUST_MINOR or newer, see https://rustup.rs."
    return
  fi
  local version major minor
  version="$(rustc --version | awk '{ print $2 }')"
  IFS=. read -r major minor _ <<< "$version"
  if (( major < 2 && minor < MIN_RUST_MINOR )); then
    complain "Rust $version is too old; IntelliAuth needs 1.$MIN_RUST_MINOR or newer ('rustup update stable')."
  fi
}

check_node() {
  if ! command -v node >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1; then
    complain "Node.js with npm is not installed; the SDK needs Node $MIN_NODE_MAJOR or newer, see https://nodejs.org."
    return
  fi
  local version major
  version="$(node --version)"
  major="${version#v}"
  major="${major%%.*}"
  if (( major < MIN_NODE_MAJOR )); then
    complain "Node $version is too old; the SDK needs $MIN_NODE_MAJOR or newer."
  fi
  local minor="${version#v*.}"
  minor="${minor%%.*}"
  if ! $check_only && (( major < 20 || (major == 20 && minor < 10) )); then
    complain "Node $version runs the SDK and the demo, but the tests need 20.10 or newer."
  fi
}

install_packages
check_rust
check_node
if (( complaints > 0 )); then
  exit 1
fi
$check_only || printf 'setup: ready (%s, node %s)\n' "$(rustc --version | cut -d" " -f1-2)" "$(node --version)"
