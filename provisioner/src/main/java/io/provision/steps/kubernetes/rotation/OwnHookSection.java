package io.provision.steps.kubernetes.rotation;

import io.provision.model.rotation.Hook;
import io.provision.section.Findings;
import io.provision.section.Key;
import io.provision.section.ProgramWord;
import io.provision.section.Source;
import io.provision.section.TimeSpan;
import io.provision.steps.kubernetes.rotation.OwnGrammar.OwnName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A hook of the user's as it is written. */
record OwnHookSection(
    Source source,
    @Key(value = "By what it is told.", usual = "its command") Optional<OwnName> name,
    @Key(
            value =
                "A program and its arguments, run without a shell: here from the inventory's"
                    + " directory, on the host as root from /. It finds PROVISION_HOST,"
                    + " PROVISION_CLUSTER and PROVISION_PHASE in its environment.",
            example = "[./pause-backup.sh]")
        Optional<List<ProgramWord>> command,
    @Key(
            value = "here, on the machine that runs provision (the default), or host, on the host.",
            usual = "here")
        Optional<Hook.Place> on,
    @Key(value = "After which it is ended, and has failed; 12 hours at most.", usual = "5m")
        Optional<TimeSpan> within) {
  static final List<String> REQUIRED = List.of("command");

  private static final Duration USUAL = Duration.ofMinutes(5);
  private static final Duration MOST = Duration.ofHours(12);
  private static final int LONGEST_NAME = 80;

  Hook settled() {
    var words = ProgramWord.texts(command.orElseThrow());
    return new Hook(
        name.map(OwnName::value).orElseGet(() -> called(words)),
        words,
        on.orElse(Hook.Place.HERE),
        within.map(TimeSpan::duration).orElse(USUAL));
  }

  private static String called(List<String> words) {
    var all = words.stream().map(it -> it.replaceAll("\\s+", " ")).collect(Collectors.joining(" "));
    return all.length() > LONGEST_NAME ? all.substring(0, LONGEST_NAME) + "..." : all;
  }

  void check(Findings findings) {
    program(source, command, findings);
    command
        .filter(it -> !it.isEmpty() && on.filter(Hook.Place.HOST::equals).isPresent())
        .map(List::getFirst)
        .map(ProgramWord::value)
        .filter(it -> it.contains("/") && !it.startsWith("/"))
        .ifPresent(it ->
            findings.add(
                source.at("command"),
                "'%s' would be looked for in / of the host. write its whole path, or its name where it is in PATH; it must be on the host already."
                    .formatted(it)));
    most(source, within, MOST, findings);
  }

  /** Of whatever runs one. */
  static void program(Source source, Optional<List<ProgramWord>> command, Findings findings) {
    command
        .flatMap(it -> ProgramWord.wrong(it, "[./done.sh, shop]"))
        .ifPresent(it -> findings.add(source.at("command"), it));
  }

  static void most(Source source, Optional<TimeSpan> within, Duration most, Findings findings) {
    within
        .filter(it -> it.duration().compareTo(most) > 0)
        .ifPresent(it ->
            findings.add(
                source.at("within"),
                "%s is longer than %s, and nobody would see that it hangs. write less."
                    .formatted(
                        it, most.toHours() > 0 ? most.toHours() + "h" : most.toMinutes() + "m")));
  }
}
