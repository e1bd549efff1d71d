# shellcheck shell=sh
# Builds the program and its start-up cache. Sourced by the launcher where sources are newer than what was built;
# expects $top, $target, $launch, $jar and $jdk.

# Two at once would write one file: the second waits, then finds it done. One of another user is opened for reading (NFS
# locks only what is open for writing); what cannot be opened is found out before, as an exec that fails ends the shell.
alone() {
  command -v flock >/dev/null 2>&1 || return 0
  [ -e "$launch/lock" ] || (: >>"$launch/lock") 2>/dev/null || return 1
  if [ -w "$launch/lock" ]; then
    exec 9>>"$launch/lock"
  elif [ -r "$launch/lock" ]; then
    exec 9<"$launch/lock"
  else
    return 1
  fi
  flock -n 9 && return 0
  [ "$?" -eq 1 ] || return 0 # no locks there
  echo "provision: another one is building it; waiting for that (log: $launch/build.log)" >&2
  flock 9
}

build() {
  need mvn=maven || return 1
  mkdir -p "$launch" || return 1
  alone || {
    echo "provision: cannot build: there is no way to $launch/lock; see whose it is" >&2
    return 1
  }
  stale || return 0
  echo "provision: building (a minute or two at the first time; log: $launch/build.log)" >&2
  touch "$launch/began"
  if ! JAVA_HOME=$jdk mvn -B -f "$top/pom.xml" -pl provisioner -Dmaven.test.skip=true package >"$launch/build.log" 2>&1 </dev/null 9>&-; then
    grep '^\[ERROR\]' "$launch/build.log" | head -n 8 >&2
    echo "provision: the build failed; all of it is in $launch/build.log" >&2
    return 1
  fi
  "$jdk/bin/java" "$top/provisioner/src/main/sh/Modern.java" "$target"/lib/picocli-*.jar >>"$launch/build.log" 2>&1 9>&- ||
    echo "the library stays as it was" >>"$launch/build.log"
  # What was saved while it was being built is newer than this.
  mv "$launch/began" "$launch/built"
}

# JDK 25's ahead-of-time cache (JEP 483, 514): classes are read as they were after a rehearsal. All classes of a cache are
# linked at the start, needed or not, so help and version have one of their own. Nothing depends on a cache, so nothing is
# said where it cannot be made.
make_cache() {
  alone || return 0
  ! cached || return 0
  stage=$launch/stage
  rm -rf "$launch/provision.aot" "$launch/words.aot" "$launch/cache.key" "$stage"
  mkdir -p "$stage"
  record "$launch/words.aot"
  # The rehearsal is compiled apart, so that it does not ship.
  rehearsed=$top/provisioner/src/test/java/io/provision/rehearsal
  if "$jdk/bin/javac" -proc:none -nowarn -encoding UTF-8 -cp "$jar" -d "$launch/rehearsal" \
    "$rehearsed/HybridServer.java" "$rehearsed/PracticeHost.java" "$rehearsed/Rehearsal.java" >"$launch/rehearsal.log" 2>&1 9>&-; then
    record "$launch/provision.aot" "$launch/rehearsal" "$stage"
  fi
  rm -rf "$stage" "$launch/rehearsal"
  printf '%s\n' "$cache_key" >"$launch/cache.key"
}

record() {
  recorded=$1
  shift
  # shellcheck disable=SC2086 # several options
  XDG_STATE_HOME=$stage/state XDG_CACHE_HOME=$stage/cache \
    "$jdk/bin/java" $java_options "-XX:AOTCacheOutput=$recorded.new" -cp "$jar" io.provision.cli.Training "$@" \
    </dev/null >"$recorded.log" 2>&1 9>&- || echo "the rehearsal ended early" >>"$recorded.log"
  [ ! -s "$recorded.new" ] || mv "$recorded.new" "$recorded"
}
