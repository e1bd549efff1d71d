# shellcheck shell=sh
# Finds a JDK 25 or later. Sourced by the launcher and by tests/run; needs no program but readlink.

jdk_floor=25

# Whether $1 is the home of a JDK that is new enough: told by its `release` file, since asking java itself takes longer
# than most of what it is started for. Leaves its exact version in $jdk_version.
jdk_fits() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  jdk_version=
  while IFS='=' read -r jdk_key jdk_value; do
    case $jdk_key in
      JAVA_RUNTIME_VERSION) jdk_version=${jdk_value#\"} jdk_version=${jdk_version%\"} ;;
      JAVA_VERSION) jdk_number=${jdk_value#\"} jdk_number=${jdk_number%\"} ;;
    esac
  done <"$1/release"
  jdk_version=${jdk_version:-${jdk_number:-}}
  jdk_major=${jdk_version%%[!0-9]*}
  [ -n "$jdk_major" ] && [ "$jdk_major" -ge "$jdk_floor" ]
}

# Leaves the home of a JDK in $jdk; $1 is one to try after JAVA_HOME (what was found the last time).
find_jdk() {
  jdk_java=$(command -v java 2>/dev/null) && jdk_java=$(readlink -f "$jdk_java" 2>/dev/null || echo "$jdk_java")
  for jdk in "${JAVA_HOME:-}" "${1:-}" "${jdk_java%/bin/java}" \
    /usr/lib/jvm/* "${SDKMAN_DIR:-$HOME/.sdkman}"/candidates/java/* "$HOME"/.jdks/* "$HOME"/.local/share/mise/installs/java/* \
    /opt/* /opt/*/* /usr/java/* /usr/local/*jdk* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    [ -n "$jdk" ] && jdk_fits "$jdk" && return 0
  done
  jdk=
  echo "provision: no JDK $jdk_floor was found: install one (for example Temurin $jdk_floor or your distribution's openjdk-$jdk_floor-jdk) or set JAVA_HOME to it." >&2
  return 1
}
