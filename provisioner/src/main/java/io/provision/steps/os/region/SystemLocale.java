package io.provision.steps.os.region;

import io.provision.model.Content;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.resource.FileState;
import io.provision.resource.Files;
import io.provision.resource.ManagedFile;
import io.provision.resource.packages.Packages;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Kind;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code locale}: the locale of who logs in, where the inventory says {@code locale}: {@code LANG}
 * in {@code /etc/default/locale}, whose other lines stay. One that the system does not have is
 * made: the package {@code locales}, a line in {@code /etc/locale.gen}, {@code locale-gen}.
 */
public record SystemLocale() implements Step<Target.OnHost> {
  private static final String FILE = "/etc/default/locale";
  private static final Packages LOCALES = Packages.of("locales");
  private static final Duration LIMIT = Duration.ofMinutes(10); // on a small board

  /** {@code look_locale NAME LISTED}: whether the system has it, by either name. */
  private static final ShellFunction LOOK =
      new ShellFunction(
          "look_locale",
          """
          ! locale -a 2>/dev/null | grep -qixF -e "$1" -e "$2" || echo there
          return 0\
          """);

  /** {@code make_locale LINE}: adds the line to those that locale-gen makes, by a rename. */
  private static final ShellFunction MAKE =
      new ShellFunction(
          "make_locale",
          """
          if ! grep -qxF -e "$1" /etc/locale.gen 2>/dev/null; then
            umask 022
            rm -f -- /etc/locale.gen.new
            {
              [ ! -e /etc/locale.gen ] || cat /etc/locale.gen || return 1
              printf '\\n%s\\n' "$1"
            } >/etc/locale.gen.new && mv -f -- /etc/locale.gen.new /etc/locale.gen || {
              rm -f -- /etc/locale.gen.new
              echo '/etc/locale.gen cannot be written' >&2
              return 1
            }
          fi
          try locale-gen >&2\
          """);

  private static final Kind<Boolean> KIND =
      Kind.single(LOOK, frame -> frame.output().strip().equals("there"));

  @Override
  public Probes probes(Target.OnHost target) {
    return wanted(target)
        .map(locale -> Probes.of(question(locale), Files.text(FILE)).and(LOCALES.probes()))
        .orElse(Probes.NONE);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var wanted = wanted(target);
    if (wanted.isEmpty()) {
      return new Check.Skipped("the inventory says no 'locale'");
    }
    var locale = wanted.get();
    var checks = new ArrayList<Check>();
    if (!seen.of(question(locale))) {
      checks.add(LOCALES.check(seen));
      checks.add(
          new Check.Drift(
              List.of(
                  Change.of(
                      Change.Action.CREATE,
                      "locale " + locale,
                      "",
                      "a line in /etc/locale.gen, made by locale-gen")),
              new Repair.OnHost(Script.of(MAKE, locale.line()).within(LIMIT))));
    }
    checks.add(chosen(seen.of(Files.text(FILE)), locale));
    return Checks.together(checks);
  }

  private static Optional<LocaleName> wanted(Target.OnHost target) {
    return target.host().sections().find(LocaleSection.class).flatMap(LocaleSection::locale);
  }

  private static Question<Boolean> question(LocaleName locale) {
    return Question.of(KIND, locale.value(), locale.listed());
  }

  private static Check chosen(FileState file, LocaleName locale) {
    if (file.isFile() && file.text().isEmpty()) {
      return new Check.Refused("%s is larger than 64 KiB".formatted(FILE), "make it smaller");
    }
    var line = "LANG=" + locale;
    var lines = new ArrayList<String>();
    var isThere = false;
    for (var each : file.text().map(Content.Plain::text).orElse("").lines().toList()) {
      if (!each.matches("\\s*(export\\s+)?LANG=.*")) {
        lines.add(each);
      } else if (!isThere) {
        lines.add(line);
        isThere = true;
      }
    }
    if (!isThere) {
      lines.add(line);
    }
    return ManagedFile.inPlaceOf(file, FILE, Content.of(String.join("\n", lines) + "\n"))
        .check(file);
  }
}
