#!/bin/sh
# Builds the package of the loudspeaker's agent: deploy/node/build-deb.sh [amd64|arm64] [OUT]
#
# One command, no tool but dpkg-deb and pip. The libraries are wheels of the lock, by their hashes;
# installing the package needs no network. Beside the package stands the file of the same release
# (vang-node-VERSION.zip), which two people sign to bring it to devices in service: these take it
# only when their package brought the very same libraries.
#
# LIBRARIES=FOLDER takes the libraries from a folder instead (tests).
set -eu
here=$(cd "$(dirname -- "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
architecture=${1:-$(dpkg --print-architecture)}
out=${2:-$top/dist}
python=${PYTHON:-python3}
case $architecture in
amd64) platform=x86_64 ;;
arm64) platform=aarch64 ;;
*) echo "Only amd64 and arm64 are known, not $architecture." >&2; exit 2 ;;
esac
# Debian 12. Wheels of compiled libraries fit one Python.
debian_python=3.11
export SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(git -C "$top" log -1 --format=%ct 2>/dev/null || echo 1767225600)}"
archives() { PYTHONPATH="$top/src" "$python" -m vang.rollouts.archives "$@"; }

version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' "$top/src/vang_node/__init__.py")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
opt=$root/opt/vang-node
mkdir -p "$opt/bin" "$opt/releases/$version" "$opt/libraries" "$out"

identity=$(archives --lock "$here/requirements.lock" --identity)
if [ -n "${LIBRARIES:-}" ]; then
  cp -rL "$LIBRARIES" "$opt/libraries/$identity"
else
  "$python" -m pip install --quiet --disable-pip-version-check --no-compile --no-deps \
    --require-hashes --only-binary :all: --target "$opt/libraries/$identity" \
    --python-version "$debian_python" --implementation cp \
    --platform "manylinux_2_28_$platform" --platform "manylinux_2_17_$platform" \
    --platform "manylinux2014_$platform" --platform "manylinux_2_34_$platform" \
    -r "$here/requirements.lock"
  rm -rf "$opt/libraries/$identity/bin"
fi

archive=$(archives --source "$top/src" --lock "$here/requirements.lock" --out "$out")
"$python" -m zipfile -e "$archive" "$opt/releases/$version"
ln -s "releases/$version" "$opt/current"
install -m 755 "$top/src/vang_node/launcher.py" "$opt/bin/vang-node"
mkdir -p "$root/usr/bin" "$root/lib/systemd/system" "$root/etc/default" \
  "$root/usr/share/doc/vang-node" "$root/usr/share/lintian/overrides"
ln -s ../../opt/vang-node/bin/vang-node "$root/usr/bin/vang-node"
install -m 644 "$here/debian/vang-node.service" "$here/debian/vang-node-setup.service" \
  "$root/lib/systemd/system/"
mkdir -p "$root/usr/share/polkit-1/rules.d"
install -m 644 "$here/debian/vang-node.rules" "$root/usr/share/polkit-1/rules.d/60-vang-node.rules"
install -m 644 "$here/debian/default" "$root/etc/default/vang-node"
install -m 644 "$here/debian/copyright" "$root/usr/share/doc/vang-node/copyright"
printf 'vang-node: dir-or-file-in-opt\nvang-node: embedded-library\n' \
  >"$root/usr/share/lintian/overrides/vang-node"
printf 'vang-node (%s) stable; urgency=medium\n\n  * See CHANGELOG.md of the project.\n\n -- Vang <vang@localhost>  %s\n' \
  "$version" "$(date -u -R -d "@$SOURCE_DATE_EPOCH")" | gzip -9n >"$root/usr/share/doc/vang-node/changelog.gz"

mkdir -p "$root/DEBIAN"
for script in postinst prerm postrm; do install -m 755 "$here/debian/$script" "$root/DEBIAN/$script"; done
echo /etc/default/vang-node >"$root/DEBIAN/conffiles"
# Whole files of a known mode, owned by root, whoever builds.
find "$root" -type d -exec chmod 755 {} +
find "$opt/libraries" "$opt/releases" -type f -exec chmod 644 {} +
find "$opt/libraries" -name __pycache__ -type d -prune -exec rm -rf {} +
size=$(du -sk --exclude=DEBIAN "$root" | cut -f1)
sed "s/@VERSION@/$version/; s/@ARCHITECTURE@/$architecture/; s/@SIZE@/$size/; s/@PYTHON@/$debian_python/; s/@NEXT@/3.12/" \
  "$here/debian/control" >"$root/DEBIAN/control"
(cd "$root" && find . -path ./DEBIAN -prune -o -type f -printf '%P\0' | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
package=$out/vang-node_${version}_$architecture.deb
dpkg-deb --root-owner-group -Zxz -z3 --build "$root" "$package" >/dev/null
echo "$package"
echo "$archive"
