# shellcheck shell=sh
# Builds the program and its start-up cache. Sourced by the launcher where sources are newer than what was built;
# expects $top, $target, $launch, $jar and $jdk.

build() {
  need mvn=maven || return 1
  mkdir -p "$launch" || return 1
  # Two at once: the second waits, then finds it built.
  if command -v flock >/dev/null 2>&1; then
    exec 9>"$launch/lock"
    flock 9
    stale || return 0
  fi
  echo "provision: building (a minute or two at the first time; log: $launch/build.log)" >&2
  touch "$launch/began"
  if ! JAVA_HOME=$jdk mvn -B -f "$top/pom.xml" -pl provisioner -DskipTests package >"$launch/build.log" 2>&1 </dev/null 9>&-; then
    grep '^\[ERROR\]' "$launch/build.log" | head -n 8 >&2
    echo "provision: the build failed; all of it is in $launch/build.log" >&2
    return 1
  fi
  # What was saved while it was being built is newer than this.
  mv "$launch/began" "$launch/built"
}

# JDK 25's ahead-of-time cache (JEP 483, 514): classes are read as they were after a rehearsal. Nothing depends on it, so
# nothing is said where it cannot be made.
make_cache() {
  rm -f "$cache" "$launch/cache.key"
  "$jdk/bin/java" $java_options "-XX:AOTCacheOutput=$cache.new" -cp "$jar" io.provision.cli.Rehearsal \
    </dev/null >"$launch/cache.log" 2>&1 9>&- && [ -s "$cache.new" ] && mv "$cache.new" "$cache"
  printf '%s\n' "$cache_key" >"$launch/cache.key"
}
