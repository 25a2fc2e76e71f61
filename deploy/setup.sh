# Sourced by ./run and ./test: what both must find or install. Expects $root.

VANG_PACKAGES="python3-venv espeak-ng ca-certificates"

say() { printf '%s\n' "$*" >&2; }

# need_packages NAMES: installs the missing Debian packages as root or through sudo;
# without either it prints the one line to type and stops.
need_packages() {
    missing=""
    for package in $1; do
        present "$package" || missing="$missing $package"
    done
    [ -z "$missing" ] && return 0
    if ! command -v apt-get >/dev/null 2>&1; then
        say "Vang needs:$missing. Install them with this system's package tool and start again."
        exit 1
    fi
    say "Installing Debian packages:$missing"
    if [ "$(id -u)" -eq 0 ]; then
        apt_install ""
    elif command -v sudo >/dev/null 2>&1 && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
        apt_install sudo
    else
        say "Neither root nor sudo is at hand. Ask an administrator to type:"
        say "  apt-get install -y$missing"
        exit 1
    fi
}

# apt_install SUDO: quiet unless it fails; the list of packages is fetched once when it is absent.
apt_install() {
    log=$(mktemp)
    if ! $1 env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        $missing >"$log" 2>&1; then
        $1 apt-get update >>"$log" 2>&1 || true
        if ! $1 env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
            $missing >>"$log" 2>&1; then
            tail -n 20 "$log" >&2
            say "The packages could not be installed:$missing"
            rm -f "$log"
            exit 1
        fi
    fi
    rm -f "$log"
}

# present PACKAGE: by what the package brings, so that another source of it counts as well.
present() {
    case $1 in
        python3-venv) usable_python >/dev/null ;;
        espeak-ng) command -v espeak-ng >/dev/null 2>&1 ;;
        ca-certificates) [ -e /etc/ssl/certs/ca-certificates.crt ] ;;
        chromium) command -v chromium >/dev/null 2>&1 ;;
        mosquitto) PATH="$PATH:/usr/sbin" command -v mosquitto >/dev/null 2>&1 ;;
        gettext) command -v msgfmt >/dev/null 2>&1 ;;
        libasound2) ldconfig -p 2>/dev/null | grep -q "libasound.so.2" ;;
        nodejs) command -v node >/dev/null 2>&1 ;;
        libreoffice-writer-nogui) command -v soffice >/dev/null 2>&1 ;;
        npm) command -v npm >/dev/null 2>&1 ;;
        postgresql) [ -n "$(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null)" ] ;;
        *) dpkg -s "$1" 2>/dev/null | grep -q '^Status: install ok' ;;
    esac
}

usable_python() {
    for candidate in python3 python3.13 python3.12 python3.11; do
        if "$candidate" -c \
            'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s\n' "$candidate"
            return 0
        fi
    done
    return 1
}

need_python() {
    python=$(usable_python) || {
        say "Vang needs Python 3.11 or newer with its venv module (Debian 12, Ubuntu 24.04 or newer)."
        exit 1
    }
}

# need_environment LOCK: .venv holds exactly what the lock file pins, by hash. The test lock holds
# all of the run lock, so an environment made for tests serves ./run as it is.
need_environment() {
    lock=$1
    wanted=$(cat "$root/requirements.lock" "$root/pyproject.toml" | cksum)
    [ "$lock" = requirements.lock ] || wanted="$wanted $(cksum <"$root/$lock")"
    stamp="$root/.venv/.vang-installed"
    if [ -x "$root/.venv/bin/vang" ] && [ -f "$stamp" ]; then
        case "$(cat "$stamp")" in "$wanted"*) return 0 ;; esac
    fi
    say "[1/3] Making the Python environment in $root/.venv"
    if ! "$root/.venv/bin/python" -c 'import pip' 2>/dev/null; then
        rm -rf "$root/.venv"
        "$python" -m venv "$root/.venv"
    fi
    say "[2/3] Installing the pinned libraries (about a minute the first time)"
    "$root/.venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
        --require-hashes -r "$root/$lock"
    say "[3/3] Installing Vang itself"
    "$root/.venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
        --no-deps --no-build-isolation --no-index -e "$root"
    printf '%s\n' "$wanted" >"$stamp"
}
